// Proofs for people and for programs.
#include "beta/proof/prove.hpp"
#include "beta/yaml/document.hpp"

#include "call_text.hpp"

namespace beta::proof {
namespace {

using Status = Proof::Status;

std::string_view word(Status status) noexcept {
    switch (status) {
        case Status::proved:
            return "PROVED";
        case Status::broken:
            return "BROKEN";
        case Status::empty:
            return "EMPTY";
        case Status::undecided:
            return "UNDECIDED";
        case Status::inconsistent:
            return "INTERNAL ERROR";
    }
    return "";
}

std::string_view remedy(Status status) noexcept {
    switch (status) {
        case Status::empty:
            return "it speaks of no call that a given file decides; its exceptions take in "
                   "everything, a plane has no file, or the directory has none of the names";
        case Status::undecided:
            return "too many different cases; make several invariants of it, each of fewer "
                   "services "
                   "or paths";
        case Status::inconsistent:
            return "the engine does not decide as the proof says; please report this with the "
                   "files";
        default:
            return "";
    }
}

}  // namespace

std::string to_text(const Invariants& invariants, const std::vector<Proof>& proofs) {
    std::string out;
    std::size_t proved = 0;
    for (std::size_t i = 0; i < proofs.size(); ++i) {
        const Invariant& invariant = invariants.list[i];
        const Proof& proof = proofs[i];
        proved += proof.status == Status::proved ? 1 : 0;
        out += std::string(word(proof.status)) + "  " + invariant.name + " (" +
               invariants.file_name + ':' + std::to_string(invariant.line) + ")\n";
        if (proof.status == Status::broken && !invariant.reason.empty())
            out += "  meant:   " + yaml::printable(invariant.reason) + '\n';
        if (const auto words = remedy(proof.status); !words.empty())
            out += "  " + std::string(words) + '\n';
        if (proof.call)
            out += "  " + text_of(*proof.call) + '\n' + text_of(proof.sides);
    }
    return out + std::to_string(proved) + " of " + std::to_string(proofs.size()) +
           " proved, where callees know callers by " +
           std::string(model::word(invariants.known_by)) + '\n';
}

std::string to_json(const Invariants& invariants, const std::vector<Proof>& proofs) {
    std::string list;
    bool all = true;
    for (std::size_t i = 0; i < proofs.size(); ++i) {
        const Invariant& invariant = invariants.list[i];
        const Proof& proof = proofs[i];
        all = all && proof.status == Status::proved;
        list += (i == 0 ? "{" : ",{") + json_field("name", invariant.name) + ',' +
                json_field("kind", word(invariant.kind)) +
                ",\"line\":" + std::to_string(invariant.line) + ',' +
                json_field("status", word(proof.status));
        if (proof.call)
            list += ",\"call\":" + json_of(*proof.call) + ",\"sides\":" + json_of(proof.sides);
        list += '}';
    }
    return std::string("{\"proved\":") + (all ? "true" : "false") + ',' +
           json_field("file", invariants.file_name) + ',' +
           json_field("identity", model::word(invariants.known_by)) + ",\"invariants\":[" + list +
           "]}";
}

}  // namespace beta::proof
