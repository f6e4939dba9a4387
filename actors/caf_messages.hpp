#pragma once

#include <ottla/actors/detail/each_message.hpp>
#include <ottla/actors/detail/message_check.hpp>

// Announces message types to CAF, and checks them. A part of the seam to CAF, see caf.hpp.

#include <caf/delegated.hpp>
#include <caf/response_promise.hpp>
#include <caf/result.hpp>

#if __has_include(<caf/anon_mail.hpp>)
#  define OTTLA_CAF_1 1
#  include <caf/init_global_meta_objects.hpp>
#  include <caf/type_id.hpp>
#else
#  define OTTLA_CAF_1 0
#  include <caf/allowed_unsafe_message_type.hpp>
#  include <caf/make_message.hpp>
#endif

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// message types
//
// A header with messages ends with these lines, outside of any namespace:
//
//     OTTLA_MESSAGES_BEGIN(ottla_actors, 0)
//     OTTLA_MESSAGE(ottla_actors, (ottla::process_started))
//     OTTLA_MESSAGES_END(ottla_actors)
//
// The number is the start of the component's range, counted from caf::first_custom_type_id; see
// type_ids.hpp. Types must be copyable, and with CAF 1.x default constructible. Including the
// header announces the types. init_message_types registers all announced types with CAF.

namespace ottla {

/// Registers all message types of the program with CAF. A program that creates an actor_system must
/// call this before it creates the first system. `application` calls this itself. A second call
/// does nothing. Call from one thread. Throws std::logic_error if two blocks of messages share an
/// id.
void init_message_types();

} // namespace ottla

namespace ottla::detail {

/// The first id of a block as a type, for OTTLA_CHECK_BLOCK.
template <int First>
struct first_id {};

/// A block of message types, as declared by OTTLA_MESSAGES.
struct message_block {
  std::string_view name = {};
  /// Counted from CAF's first custom id.
  int first = 0;
  int count = 0;
  /// Registers the types with CAF; null in 0.17.
  void (*init)() = nullptr;
};

/// An error text that names two blocks with a common id. Empty if all ids differ. `blocks` must be
/// sorted by first id.
std::string shared_ids(const std::vector<message_block>& blocks);

/// Adds a block of types for init_message_types. Call only during static initialization. Returns
/// true.
bool announce_types(const message_block& block);

} // namespace ottla::detail

#if OTTLA_CAF_1
namespace ottla::detail {

/// Prints an object by the to_string of its type. CAF 1.x does not use the to_string of a type that
/// it cannot inspect.
using to_text = std::string (*)(const void* object);

/// Sets how messages of `type` are printed. announced_text returns null for a type without
/// to_string.
void announce_text(caf::type_id_t type, to_text how);
to_text announced_text(caf::type_id_t type) noexcept;

template <class Message>
void announce_text_of() {
  if constexpr (requires(const Message& what) { std::string{to_string(what)}; })
    announce_text(caf::type_id_v<Message>, [](const void* object) {
      return std::string{to_string(*static_cast<const Message*>(object))};
    });
}

template <class Block>
void init_block() {
  caf::init_global_meta_objects<Block>();
  constexpr auto first = static_cast<std::uint16_t>(Block::begin);
  []<std::uint16_t... At>(std::integer_sequence<std::uint16_t, At...>) {
    (announce_text_of<caf::type_by_id_t<static_cast<caf::type_id_t>(first + At)>>(), ...);
  }
  (std::make_integer_sequence<std::uint16_t, static_cast<std::uint16_t>(Block::end) - first>{});
}

} // namespace ottla::detail

#  define OTTLA_MESSAGES_BEGIN(block, first)                                                       \
    OTTLA_CHECK_BLOCK(block, first)                                                                \
    CAF_BEGIN_TYPE_ID_BLOCK(block, caf::first_custom_type_id + (first))
#  define OTTLA_MESSAGE(block, type)                                                               \
    OTTLA_CHECK_COPYABLE(CAF_PP_EXPAND type)                                                       \
    CAF_ADD_TYPE_ID(block, type)                                                                   \
    CAF_ALLOW_UNSAFE_MESSAGE_TYPE(CAF_PP_EXPAND type)
#  define OTTLA_MESSAGES_END(block)                                                                \
    CAF_END_TYPE_ID_BLOCK(block)                                                                   \
    OTTLA_ANNOUNCE(block,                                                                          \
                   static_cast<int>(caf::id_block::block::end)                                     \
                     - static_cast<int>(caf::id_block::block::begin),                              \
                   &ottla::detail::init_block<caf::id_block::block>)
#else
#  define OTTLA_EXPAND(...) __VA_ARGS__
#  define OTTLA_MESSAGES_BEGIN(block, first)                                                       \
    OTTLA_CHECK_BLOCK(block, first)                                                                \
    [[maybe_unused]] static constexpr int ottla_counter_of_##block = __COUNTER__ + 1;
// Does not use CAF's macro, which opens namespace caf. Names of that namespace would hide the name
// of the type. Each message takes one number of __COUNTER__.
#  define OTTLA_MESSAGE(block, type)                                                               \
    static_assert(__COUNTER__ >= 0);                                                               \
    OTTLA_CHECK_COPYABLE(OTTLA_EXPAND type)                                                        \
    template <>                                                                                    \
    struct caf::allowed_unsafe_message_type<OTTLA_EXPAND type> : std::true_type {};
#  define OTTLA_MESSAGES_END(block)                                                                \
    OTTLA_ANNOUNCE(block, __COUNTER__ - ottla_counter_of_##block, nullptr)
#endif

// Qualifies each name from the global namespace. A block inside a namespace then causes only the
// error of OTTLA_CHECK_SCOPE.
#define OTTLA_ANNOUNCE(block, count, init)                                                         \
  [[maybe_unused]] static const bool ottla_announced_##block                                       \
    = ::ottla::detail::announce_types({#block, ottla_first_id_of_##block, count, init});

// Two blocks with the same first id define the same function twice. The compiler's error shows the
// function's name, which is the error text.
#define OTTLA_CHECK_BLOCK(block, first)                                                            \
  OTTLA_CHECK_SCOPE(block)                                                                         \
  [[maybe_unused]] static constexpr int ottla_first_id_of_##block = (first);                       \
  inline void ottla_two_blocks_of_OTTLA_MESSAGES_start_at_one_id(                                  \
    ::ottla::detail::first_id<ottla_first_id_of_##block>) {}

// OTTLA_MESSAGES declares a block in one line, for types whose names have no comma:
//
//     OTTLA_MESSAGES(counter, ottla::first_user_type_id, add, get)

#define OTTLA_MESSAGES(block, first, ...)                                                          \
  OTTLA_MESSAGES_BEGIN(block, first)                                                               \
  OTTLA_REPEAT(OTTLA_EACH_MESSAGE(block, __VA_ARGS__))                                             \
  OTTLA_MESSAGES_END(block)

namespace ottla {

/// True for types announced by OTTLA_MESSAGES, and for CAF's own types. With CAF 0.17 also true for
/// all other types that CAF can serialize.
template <class Message>
#if OTTLA_CAF_1
inline constexpr bool is_message = caf::has_type_id_v<std::decay_t<Message>>;
#else
inline constexpr bool is_message
  = caf::is_serializable_or_whitelisted<std::decay_t<Message>>::value;
#endif

namespace detail {

template <class Message>
inline constexpr bool is_sendable
  = is_message<Message>&& std::is_copy_constructible_v<std::decay_t<Message>>;

/// Fails to compile, with one error, if the type cannot be sent. OTTLA_MESSAGES has already checked
/// that the types of its block are copyable.
template <class Message>
constexpr void check_message() {
  static_assert(is_message<Message>, "ottla: announce this type of message with OTTLA_MESSAGES");
#if !OTTLA_CAF_1
  static_assert(
    !is_message<Message> || caf::is_allowed_unsafe_message_type<std::decay_t<Message>>::value
      || std::is_copy_constructible_v<std::decay_t<Message>>,
    OTTLA_MESSAGE_NOT_COPYABLE);
#endif
}

template <class T>
struct answer_check : std::bool_constant<is_message<T>> {};
template <>
struct answer_check<void> : std::true_type {};
template <>
struct answer_check<caf::response_promise> : std::true_type {};
template <class... Ts>
struct answer_check<caf::result<Ts...>> : std::conjunction<answer_check<Ts>...> {};
template <class... Ts>
struct answer_check<caf::delegated<Ts...>> : std::conjunction<answer_check<Ts>...> {};

template <class T>
inline constexpr bool is_answer = answer_check<T>::value;

/// Fails to compile, with one error, if the answer of a call cannot be sent.
template <class Answer>
constexpr void check_answer() {
  static_assert(is_answer<Answer>,
                "ottla: announce the type of this call's answer with OTTLA_MESSAGES");
}

} // namespace detail

} // namespace ottla
