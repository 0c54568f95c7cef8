#include "invariant_file.hpp"

#include "beta/app/loaded.hpp"

namespace beta::cli {

std::string invariant_file(const std::string& given, const std::vector<std::string>& places) {
    return given.empty() ? places.front() + "/invariants.yaml" : given;
}

std::expected<proof::Invariants, model::Diagnostics> read_invariants(
    const std::string& file, const proof::Policies& policies, const proof::Names& names) {
    const auto text = app::read_file(file);
    if (!text)
        return std::unexpected(model::Diagnostics{text.error()});
    return proof::load_invariants(*text, file, policies, names);
}

}  // namespace beta::cli
