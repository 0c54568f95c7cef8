#include "tree.hpp"

#include "beta/telemetry/json_text.hpp"

#include <cstddef>

namespace beta::admin {
namespace {

/// One object for each of the kinds that a value may be of.
struct Writer {
    std::string& out;

    void operator()(std::monostate) const { out += "null"; }
    void operator()(std::int64_t number) const { out += std::to_string(number); }
    void operator()(const std::string& text) const {
        out += '"';
        telemetry::append_json(out, text);
        out += '"';
    }
    void operator()(const Tree::List& list) const {
        out += '[';
        for (const Tree& item : list) {
            if (&item != list.data())
                out += ',';
            std::visit(*this, item.value());
        }
        out += ']';
    }
    void operator()(const Tree::Fields& fields) const {
        out += '{';
        for (const Field& field : fields) {
            if (&field != fields.data())
                out += ',';
            out.append("\"").append(field.name).append("\":");
            std::visit(*this, field.value.value());
        }
        out += '}';
    }
};

}  // namespace

const Tree* Tree::find(std::string_view path) const {
    const auto* const fields = std::get_if<Fields>(&value_);
    if (fields == nullptr)
        return nullptr;
    const auto dot = path.find('.');
    for (const Field& field : *fields) {
        if (field.name == path.substr(0, dot))
            return dot == path.npos ? &field.value : field.value.find(path.substr(dot + 1));
    }
    return nullptr;
}

std::string to_json(const Tree& tree) {
    std::string out;
    std::visit(Writer{out}, tree.value());
    return out + '\n';
}

}  // namespace beta::admin
