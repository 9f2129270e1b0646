-- Raises a life's amount to the one that arrives, and the total by the difference.
-- KEYS: the hash of the counter.
-- ARGV: the life's field, its amount, the latest time of the store that the life has heard ('' when the
--       store never forgets the life), '1' to end the life.
-- Returns the amount that the store has now, its time and the total; no amount when the life is
-- unknown: new and not introduced, or forgotten. Then nothing was changed.
local hash, life, amount, heard, last = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
local record, total, forgotten = unpack(redis.call('HMGET', hash, life, 'total', 'forgotten'))
total, forgotten = total or '0', tonumber(forgotten or 0)
if total:find('%D') then
  return redis.error_reply('NOTACOUNT ' .. total)
end

local now, stored = clock(forgotten), '0'
if record then
  local before, time, place = parse(record)
  if not before then
    return redis.error_reply('NOTACOUNT ' .. record)
  end
  stored, now = before, math.max(now, time, tonumber(heard) or 0)
  if place ~= '' then
    redis.call('HDEL', hash, 'ended:' .. place) -- it goes on after all
  end
elseif heard ~= '' then
  -- What is forgotten ended before `forgotten`, so it has heard no later time.
  if tonumber(heard) <= forgotten then
    return {false, text(now), total}
  end
  now = math.max(now, tonumber(heard))
end

if larger(amount, stored) then
  total = sum(sum(total, 1, amount), -1, stored)
  stored = amount
end
redis.call('HSET', hash, 'total', total, life, stored .. ' ' .. text(now))
if last and heard ~= '' then
  end_life(hash, life, stored, now)
end
return {stored, text(now), total}
