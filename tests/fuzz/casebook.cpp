// Any bytes: a table of cases loads or is refused with places, and is run without a crash.
#include "beta/casebook/trial.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace beta;
    static const auto policy = acl::Policy::parse(
        "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n  - { name: a, from: { plane: ops } }\n",
        "fuzz.yaml");
    const auto book = casebook::load({reinterpret_cast<const char*>(data), size}, "fuzz_test.yaml");
    if (!book) {
        if (!model::has_errors(book.error()))
            std::abort();
        return 0;
    }
    const auto trial = casebook::try_out(*book, **policy);
    if (trial.findings.size() != book->cases.size() || casebook::to_text({trial}).empty() ||
        casebook::to_junit({trial}).empty() || casebook::to_json({trial}).empty())
        std::abort();
    return 0;
}
