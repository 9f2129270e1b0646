-- Ends the lives that have been silent for too long, among about 1000 fields of the hash.
-- KEYS: the hash of the counter. ARGV: where to go on, and the silence in microseconds.
-- Returns where to go on ('0' at the end) and the number of lives that it has ended.
local hash, silence = KEYS[1], tonumber(ARGV[2])
local now = clock(tonumber(redis.call('HGET', hash, 'forgotten') or 0))
local found = redis.call('HSCAN', hash, ARGV[1], 'MATCH', 'life:*', 'COUNT', 1000)
local ended = 0
for i = 1, #found[2], 2 do
  local amount, time, place = parse(found[2][i + 1])
  if place == '' and now - time >= silence then
    end_life(hash, found[2][i], amount, math.max(now, time))
    ended = ended + 1
  end
end
return {found[1], ended}
