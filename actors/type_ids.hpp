#pragma once

namespace ottla {

/// The first ids of each component's message types, counted from CAF's first custom id. Two blocks
/// with the same first id do not compile in one source file. init_message_types checks all blocks
/// of a program, and throws if two of them share an id. CAF 1.x needs the ids. ottla checks the ids
/// with CAF 0.17 too.
inline constexpr int actors_type_ids = 0;
inline constexpr int registry_type_ids = 100;
inline constexpr int supervision_type_ids = 200;
inline constexpr int kafka_type_ids = 300;

/// The first id for a program's own message types.
inline constexpr int first_user_type_id = 1000;

} // namespace ottla
