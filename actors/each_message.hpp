#pragma once

// OTTLA_MESSAGE of each of some types, for OTTLA_MESSAGES in caf.hpp. A macro does not expand
// itself again; scanning its result often enough does it.

#define OTTLA_PARENTHESES ()
#define OTTLA_REPEAT(...) OTTLA_REPEAT_2(OTTLA_REPEAT_2(OTTLA_REPEAT_2(__VA_ARGS__)))
#define OTTLA_REPEAT_2(...) OTTLA_REPEAT_1(OTTLA_REPEAT_1(OTTLA_REPEAT_1(__VA_ARGS__)))
#define OTTLA_REPEAT_1(...) OTTLA_REPEAT_0(OTTLA_REPEAT_0(OTTLA_REPEAT_0(__VA_ARGS__)))
#define OTTLA_REPEAT_0(...) __VA_ARGS__
#define OTTLA_EACH_MESSAGE(block, type, ...)                                                       \
  OTTLA_MESSAGE(block, (type))                                                                     \
  __VA_OPT__(OTTLA_NEXT_MESSAGE OTTLA_PARENTHESES(block, __VA_ARGS__))
#define OTTLA_NEXT_MESSAGE() OTTLA_EACH_MESSAGE
