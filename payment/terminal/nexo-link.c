/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-link - one HTTPS POST to a terminal, over a connection of its own
 */
#include "payment/terminal/nexo-link.h"

#include "base/text.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <pthread.h>

struct sugu_nexo_link {
    char *root_pem;
    char certificate_name[256];
    uint32_t connect_wait_ms;
    const atomic_bool *is_stopping;
};

/* One running call. */
struct call {
    const struct sugu_nexo_link *link;
    const char *body;
    size_t body_size, body_at;
    struct sugu_nexo_reply *reply;
    bool is_too_large;
    bool is_untrusted; /* OpenSSL refused the certificate */
};

static int call_index = -1; /* of a struct call in an SSL_CTX; set once */

static void
start_library(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    call_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
}

enum sugu_status
sugu_nexo_link_new(const char *root_pem,
                   const char *certificate_name,
                   uint32_t connect_wait_ms,
                   const atomic_bool *is_stopping,
                   struct sugu_nexo_link **ret_link,
                   struct sugu_error *reterr)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct sugu_nexo_link *link;

    pthread_once(&once, start_library);
    if (!strstr(root_pem, "-----BEGIN CERTIFICATE-----"))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "the terminal's root holds no certificate (PEM)");
    link = calloc(1, sizeof *link);
    if (!link || !(link->root_pem = strdup(root_pem))) {
        free(link);
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    }
    sugu_text_copy(link->certificate_name, sizeof link->certificate_name, certificate_name);
    link->connect_wait_ms = connect_wait_ms;
    link->is_stopping = is_stopping;
    *ret_link = link;
    return SUGU_OK;
}

struct sugu_nexo_link *
sugu_nexo_link_free(struct sugu_nexo_link *link)
{
    if (link) {
        free(link->root_pem);
        free(link);
    }
    return NULL;
}

/* libcurl asks for the body only once the connection (TLS included) stands: from the first byte
 * that it takes, the request counts as sent. */
static size_t
on_body_wanted(char *to, size_t size, size_t count, void *user)
{
    struct call *call = user;
    size_t left = call->body_size - call->body_at;
    size_t taken = size * count < left ? size * count : left;

    if (taken > 0)
        call->reply->was_sent = true;
    memcpy(to, call->body + call->body_at, taken);
    call->body_at += taken;
    return taken;
}

/* The body is handed over once; libcurl may not start it again. */
static int
on_rewind_wanted(void *user, curl_off_t offset, int origin)
{
    (void)user, (void)offset, (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

static size_t
on_reply(char *from, size_t size, size_t count, void *user)
{
    struct call *call = user;
    struct sugu_nexo_reply *reply = call->reply;
    size_t more = size * count;
    char *bytes;

    if (reply->size + more > SUGU_NEXO_REPLY_SIZE_MAX) {
        call->is_too_large = true;
        return 0;
    }
    bytes = realloc(reply->bytes, reply->size + more + 1);
    if (!bytes)
        return 0;
    memcpy(bytes + reply->size, from, more);
    reply->size += more;
    bytes[reply->size] = '\0';
    reply->bytes = bytes;
    return more;
}

static int
on_progress(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct call *call = user;

    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(call->link->is_stopping);
}

/* libcurl tells a wrong signature of the chain and a line that was cut by the same code: OpenSSL's
 * own verdict tells them apart. */
static int
on_verified(int is_good, X509_STORE_CTX *chain)
{
    const SSL *tls = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct call *call = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), call_index);

    if (!is_good)
        call->is_untrusted = true;
    return is_good;
}

static CURLcode
on_tls_made(CURL *curl, void *context, void *user)
{
    (void)curl;
    SSL_CTX_set_ex_data(context, call_index, user);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verified);
    return CURLE_OK;
}

static void
set_trust(CURL *curl, struct call *call)
{
    const struct sugu_nexo_link *link = call->link;
    struct curl_blob root = {
        .data = link->root_pem, .len = strlen(link->root_pem), .flags = CURL_BLOB_NOCOPY};

    /* Without the two NULLs libcurl adds the system's roots to ours. */
    curl_easy_setopt(curl, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &root);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, on_tls_made);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, call);
}

static void
set_transfer(CURL *curl, struct call *call, struct curl_slist *headers, uint32_t wait_ms)
{
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)call->link->connect_wait_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)wait_ms);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)call->body_size);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_body_wanted);
    curl_easy_setopt(curl, CURLOPT_READDATA, call);
    curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, on_rewind_wanted);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_reply);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, call);
}

/*
 * "https://HOST:PORT/nexo" with the certificate's name for the host, and the rule that leads the
 * connection to HOST:PORT all the same. False where the address has another form.
 */
static bool
rename_host(const char *address, const char *name, char *url, size_t size, char *rule)
{
    const char *host = strncmp(address, "https://", 8) == 0 ? address + 8 : NULL;
    const char *path = host ? strchr(host, '/') : NULL;
    const char *port = NULL;

    for (const char *at = host; path && at < path; at++)
        if (*at == ':')
            port = at;
    if (!port)
        return false;
    snprintf(url, size, "https://%s%s", name, port);
    snprintf(rule, size, "::%.*s", (int)(path - host), host);
    return true;
}

static enum sugu_status
judge(const struct call *call, CURLcode result, long http, struct sugu_error *reterr)
{
    if (!call->reply->was_sent) {
        if (call->is_untrusted || result == CURLE_PEER_FAILED_VERIFICATION ||
            result == CURLE_SSL_CACERT_BADFILE)
            return sugu_fail(reterr, SUGU_BROKEN, "terminal.not-trusted", "certificate: %s",
                             curl_easy_strerror(result));
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "nothing was sent: %s",
                         curl_easy_strerror(result));
    }
    if (call->is_too_large)
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "the answer is too large");
    if (result != CURLE_OK)
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "sent, then: %s",
                         curl_easy_strerror(result));
    if (http != 200)
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "sent, then HTTP status %ld",
                         http);
    return SUGU_OK;
}

enum sugu_status
sugu_nexo_link_post(struct sugu_nexo_link *link,
                    const char *address,
                    const char *body,
                    uint32_t wait_ms,
                    struct sugu_nexo_reply *reply,
                    struct sugu_error *reterr)
{
    struct call call = {.link = link, .body = body, .body_size = strlen(body), .reply = reply};
    struct curl_slist *headers = NULL, *rules = NULL;
    CURL *curl = curl_easy_init();
    char url[600], rule[600];
    CURLcode result;
    long http = 0;

    *reply = (struct sugu_nexo_reply){0};
    if (!curl)
        return sugu_fail(reterr, SUGU_RETRY, "terminal.away", "no memory for a connection");
    headers = curl_slist_append(headers, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:"); /* no waiting for 100-continue */
    set_trust(curl, &call);
    set_transfer(curl, &call, headers, wait_ms);
    curl_easy_setopt(curl, CURLOPT_URL, address);
    if (*link->certificate_name &&
        rename_host(address, link->certificate_name, url, sizeof url, rule)) {
        rules = curl_slist_append(NULL, rule);
        curl_easy_setopt(curl, CURLOPT_URL, url);
        curl_easy_setopt(curl, CURLOPT_CONNECT_TO, rules);
    }
    result = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    curl_slist_free_all(rules);
    return judge(&call, result, http, reterr);
}
