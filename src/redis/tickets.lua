-- Takes the next block of numbers and returns its last one, as a string.
-- KEYS: the last number taken. ARGV: the length of a block, the last number that the process has had.
local stored, had = redis.call('GET', KEYS[1]) or '0', ARGV[2]

if stored:find('^%d+$') and larger(had, stored) then
  redis.call('SET', KEYS[1], had) -- the store has lost writes: never give these numbers again
  return stored
end
redis.call('INCRBY', KEYS[1], ARGV[1])
return redis.call('GET', KEYS[1])
