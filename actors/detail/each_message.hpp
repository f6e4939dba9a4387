#pragma once

// Applies OTTLA_MESSAGE to each of several types, for OTTLA_MESSAGES in caf_messages.hpp. The
// preprocessor does not expand macros recursively, so OTTLA_REPEAT rescans the result repeatedly.

#define OTTLA_PARENTHESES ()
#define OTTLA_REPEAT(...) OTTLA_REPEAT_2(OTTLA_REPEAT_2(OTTLA_REPEAT_2(__VA_ARGS__)))
#define OTTLA_REPEAT_2(...) OTTLA_REPEAT_1(OTTLA_REPEAT_1(OTTLA_REPEAT_1(__VA_ARGS__)))
#define OTTLA_REPEAT_1(...) OTTLA_REPEAT_0(OTTLA_REPEAT_0(OTTLA_REPEAT_0(__VA_ARGS__)))
#define OTTLA_REPEAT_0(...) __VA_ARGS__
#define OTTLA_EACH_MESSAGE(block, type, ...)                                                       \
  OTTLA_MESSAGE(block, (type))                                                                     \
  __VA_OPT__(OTTLA_NEXT_MESSAGE OTTLA_PARENTHESES(block, __VA_ARGS__))
#define OTTLA_NEXT_MESSAGE() OTTLA_EACH_MESSAGE
