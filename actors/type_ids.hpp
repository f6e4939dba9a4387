#pragma once

namespace ottla {

/// Each component's message types have a range of ids of their own, counted from CAF's first custom
/// id. Two blocks that start at one id do not compile in one file. init_message_types reports all
/// blocks of a program that share an id. CAF 1.x needs the ids; ottla checks them with 0.17 too.
inline constexpr int actors_type_ids = 0;
inline constexpr int registry_type_ids = 100;
inline constexpr int supervision_type_ids = 200;
inline constexpr int kafka_type_ids = 300;

/// Where a program's own ranges may start.
inline constexpr int first_user_type_id = 1000;

} // namespace ottla
