-- Moves a writer's total into the field of the retired ones, and leaves a tombstone in its place.
-- KEYS: the totals of all writers, the tombstone of this one.
-- ARGV: the writer's field, a tombstone's life in ms.
local total = redis.call('HGET', KEYS[1], ARGV[1])
if not total then
  return '0' -- nothing stored, or retired already
end
local retired = sum(redis.call('HGET', KEYS[1], 'retired') or '0', 1, total)
redis.call('HSET', KEYS[1], 'retired', retired)
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], total, 'PX', ARGV[2])
return total
