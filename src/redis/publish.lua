-- Keeps the larger of a writer's stored total and the one that arrives; returns what was stored.
-- KEYS: the totals of all writers, the tombstone of this one.
-- ARGV: the writer's field, its total, the most it had sent before, a tombstone's life in ms.
local field, total, sent, life = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local retired = redis.call('GET', KEYS[2])
local stored = retired or redis.call('HGET', KEYS[1], field) or '0'

if stored:find('%D') or larger(stored, sent) then
  return stored -- somebody else's, or this very total, sent twice
end
if retired then
  redis.call('PEXPIRE', KEYS[2], life) -- alive after all: what is new goes where the rest went
  if larger(total, stored) then
    local more = sum(redis.call('HGET', KEYS[1], 'retired') or '0', 1, total)
    redis.call('HSET', KEYS[1], 'retired', sum(more, -1, stored))
    redis.call('SET', KEYS[2], total, 'PX', life)
  end
elseif larger(total, stored) then
  redis.call('HSET', KEYS[1], field, total)
end
return stored
