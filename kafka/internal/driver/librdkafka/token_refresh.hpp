#pragma once

#include <ottla/kafka/oauth.hpp>

#include <librdkafka/rdkafka.h>

namespace ottla::kafka {

/// Wraps a provider, so that its errors and exceptions do not quote the last two tokens that it
/// returned.
oauth_provider without_tokens_in_texts(oauth_provider provider);

/// Registers `provider` as the source of tokens for the handle that is opened with `conf`. The
/// handle's background thread calls `provider`. Uses the configuration's opaque pointer. Allocate
/// `provider` with new. The handle owns `provider` once rd_kafka_new calls the on_new interceptors.
void answer_token_requests(rd_kafka_conf_t* conf, oauth_provider* provider);

/// Starts to answer token requests. Call after the handle is opened.
void begin_to_answer_token_requests(rd_kafka_t* native);

} // namespace ottla::kafka
