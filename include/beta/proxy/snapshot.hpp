// Snapshot: what a worker decides by: policy, directory and certificates, swapped together between
// two requests.
#pragma once

#include "beta/acl/policy.hpp"
#include "beta/directory/directory.hpp"
#include "beta/tls/credentials.hpp"

#include <boost/smart_ptr/local_shared_ptr.hpp>

#include <memory>

namespace beta::proxy {

struct Snapshot {
    std::shared_ptr<const acl::Policy> policy;
    std::shared_ptr<const directory::Directory> directory;
    std::shared_ptr<const tls::Credentials> credentials;  // null: callers are known by listener
};

/// Counted without atomics: each worker has a Snapshot of its own.
using SnapshotHandle = boost::local_shared_ptr<const Snapshot>;

}  // namespace beta::proxy
