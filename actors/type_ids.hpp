#pragma once

namespace ottla {

/// Each component's message types have a range of ids of their own, counted from CAF's first custom
/// id: ranges that follow from one another get the same ids and abort at start. CAF 1.x needs them;
/// 0.17 has none.
inline constexpr int actors_type_ids = 0;
inline constexpr int registry_type_ids = 100;
inline constexpr int supervision_type_ids = 200;
inline constexpr int kafka_type_ids = 300;

/// Where a program's own ranges may start.
inline constexpr int first_user_type_id = 1000;

} // namespace ottla
