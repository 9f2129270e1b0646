-- Counts are decimal strings: a number of Lua is a double, which is exact up to 2^53 only.

local function larger(a, b)
  return #a > #b or (#a == #b and a > b)
end

-- a + sign * b, digit by digit from the right. The result must not be negative.
local function sum(a, sign, b)
  local digits, carry = '', 0
  for i = 1, math.max(#a, #b) + 1 do
    local digit = (tonumber(a:sub(-i, -i)) or 0) + sign * (tonumber(b:sub(-i, -i)) or 0) + carry
    digits, carry = digit % 10 .. digits, math.floor(digit / 10)
  end
  return (digits:gsub('^0+(%d)', '%1'))
end

