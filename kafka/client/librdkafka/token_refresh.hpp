#pragma once

#include <ottla/kafka/oauth.hpp>

#include <librdkafka/rdkafka.h>

namespace ottla::kafka {

/// The same provider, whose errors and exceptions do not quote the last tokens that it gave.
oauth_provider without_tokens_in_texts(oauth_provider provider);

/// Whoever needs a token for the handle that is opened with `conf` asks `provider`, on the handle's
/// background thread. Takes the configuration's opaque. `provider` is to be made with new; the
/// handle deletes it once rd_kafka_new has come as far as calling interceptors.
void answer_token_requests(rd_kafka_conf_t* conf, oauth_provider* provider);

/// To be called when the handle is open.
void begin_to_answer_token_requests(rd_kafka_t* native);

} // namespace ottla::kafka
