// error: ottla: start<Process>(): Process must derive from ottla::server or
// error: ottla: start<Process>(): Process must override init(handlers&) of
// error: ottla: start<Process>(arguments): Process must have a public constructor
// error: ottla: start<Process>(arguments): Process must have a public constructor
#include <ottla/actors/server.hpp>
#include <ottla/actors/start.hpp>

struct no_process {};
const auto first = ottla::start<no_process>();

struct no_init : ottla::server {
  using server::server;
};
const auto second = ottla::start<no_init>();

struct no_constructor : ottla::server {
  ottla::init_result init(handlers&) override { return {}; }
};
const auto third = ottla::start<no_constructor>();

struct no_arguments : ottla::server {
  using server::server;
  ottla::init_result init(handlers&) override { return {}; }
};
const auto fourth = ottla::start<no_arguments>("a", 3);
