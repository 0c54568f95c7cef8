#include "verdict.hpp"

#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <ctime>

namespace beta::tls {

std::string_view word_of_chain(int error) noexcept {
    switch (error) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "expired";
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "not_yet_valid";
        case X509_V_ERR_CERT_REVOKED:
            return "revoked";
        case X509_V_ERR_UNABLE_TO_GET_CRL:
        case X509_V_ERR_CRL_HAS_EXPIRED:
        case X509_V_ERR_CRL_NOT_YET_VALID:
            return "no_valid_crl";
        default:
            return "untrusted";
    }
}

std::string_view word_of_queue() noexcept {
    const auto error = ERR_peek_last_error();
    const int reason = ERR_GET_REASON(error);
    if (ERR_GET_LIB(error) != ERR_LIB_SSL)
        return error == 0 ? "closed" : "protocol";
    if (reason > SSL_AD_REASON_OFFSET)
        return "alert";
    switch (reason) {
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            return "no_certificate";
        case SSL_R_UNSUPPORTED_PROTOCOL:
        case SSL_R_NO_PROTOCOLS_AVAILABLE:
        case SSL_R_BAD_PROTOCOL_VERSION_NUMBER:
            return "old_version";
        case SSL_R_WRONG_VERSION_NUMBER:
        case SSL_R_HTTP_REQUEST:
        case SSL_R_HTTPS_PROXY_REQUEST:
        case SSL_R_BAD_RECORD_TYPE:
            return "not_tls";
        case SSL_R_UNEXPECTED_EOF_WHILE_READING:
            return "closed";
        default:
            return "protocol";
    }
}

std::chrono::system_clock::time_point time_of(const ASN1_TIME* time) noexcept {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1)
        return {};
    return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

std::chrono::system_clock::time_point end_of(const STACK_OF(X509) * chain) noexcept {
    auto end = std::chrono::system_clock::time_point::max();
    for (int i = 0; i < sk_X509_num(chain); ++i)
        end = std::min(end, time_of(X509_get0_notAfter(sk_X509_value(chain, i))));
    return end;
}

}  // namespace beta::tls
