#include "identity_option.hpp"

#include <string>
#include <vector>

namespace beta::cli {

void add_identity(CLI::App& command, model::KnownBy& known_by) {
    const std::vector<std::string> words{"certificate", "listener"};
    command
        .add_option_function<std::string>(
            "--identity",
            [&known_by](const std::string& word) { known_by = *model::known_by(word); },
            "How ingress knows who calls: certificate, plane and service; listener, plane alone")
        ->check(CLI::IsMember(words))
        ->default_str("certificate");
}

}  // namespace beta::cli
