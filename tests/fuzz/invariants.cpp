// Files of invariants: any bytes, then the proof of what loads.
#include "beta/proof/prove.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace beta;
    static const proof::Policies policies = {*acl::Policy::parse(
        "apiVersion: beta.acl/v1\nplane: ops\noperations: {pay: {paths: [/p/**]}}\n"
        "allow: [{name: all, to: {plane: wallet, services: [bank]}, paths: [/p/*, /q]}]\n",
        "o")};
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto loaded = proof::load_invariants(text, "i.yaml", policies, {});
    if (!loaded)
        return 0;
    for (const auto& invariant : loaded->list)
        if (prove(invariant, policies, {}, loaded->known_by).status ==
            proof::Proof::Status::inconsistent)
            std::abort();
    return 0;
}
