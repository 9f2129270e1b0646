local ENDED_LIVES = 1000 -- the number of ended lives that a hash remembers

-- A time is a number of microseconds, exact as a double until the year 2255.
local function text(time)
  return string.format('%.0f', time)
end

-- The store's time. It is always later than `past`, even if the clock was set back.
local function clock(past)
  local time = redis.call('TIME')
  return math.max(time[1] * 1000000 + time[2], past + 1)
end

-- The amount, the time and the place of a life's record; the place is '' while the life goes on.
local function parse(record)
  local amount, time, place = record:match('^(%d+) (%d+) ?(%d*)$')
  return amount, tonumber(time), place
end

-- Marks a life as ended, and forgets the life that ended ENDED_LIVES ends ago.
local function end_life(hash, life, amount, now)
  local ends = tonumber(redis.call('HGET', hash, 'ended') or 0)
  local place = 'ended:' .. ends % ENDED_LIVES
  local oldest = redis.call('HGET', hash, place)
  if oldest then
    local _, time = parse(redis.call('HGET', hash, oldest))
    local forgotten = tonumber(redis.call('HGET', hash, 'forgotten') or 0)
    redis.call('HSET', hash, 'forgotten', text(math.max(forgotten, time)))
    redis.call('HDEL', hash, oldest)
  end
  local record = amount .. ' ' .. text(now) .. ' ' .. ends % ENDED_LIVES
  redis.call('HSET', hash, 'ended', text(ends + 1), place, life, life, record)
end

