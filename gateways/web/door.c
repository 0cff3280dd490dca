/* SPDX-License-Identifier: Apache-2.0 */
/*
 * door - takes connections in, bounded in number, size and time, with or without TLS
 */
#include "web/door.h"

#include "web/listener.h"

#include "base/log.h"

#include <glib/gstdio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <string.h>

#define SWEEP_S         1
#define CERTIFICATE_S   60    /* a new certificate is noticed after this */
#define USER_TIMEOUT_MS 60000 /* a phone that vanished is given up by the kernel */
#define STREAM_KEY      "sugu-web-stream"

struct web_door {
    struct web_door_settings settings;
    SoupServer *server;
    const struct sugu_clock *clock;
    struct web_figures *figures;
    GSocketService *service;
    GTlsCertificate *certificate;
    gint64 certificate_changed_s;
    GQueue streams; /* weak */
    uint16_t port;
    guint sweep, renew;
};

static int64_t
now_us(const struct web_door *door)
{
    return door->clock->monotonic_us(door->clock);
}

/* ---- TLS */

static gint64
changed_s(const struct web_door *door)
{
    GStatBuf status;

    return g_stat(door->settings.certificate, &status) == 0 ? (gint64)status.st_mtime : -1;
}

static enum sugu_status
read_certificate(struct web_door *door, struct sugu_error *reterr)
{
    const char *key = door->settings.certificate_key;
    GError *error = NULL;
    GTlsCertificate *certificate;
    enum sugu_status status;

    if (!*door->settings.certificate)
        return SUGU_OK;
    certificate = g_tls_certificate_new_from_files(door->settings.certificate,
                                                   *key ? key : door->settings.certificate, &error);
    if (!certificate) {
        status =
            sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "certificate: %s", error->message);
        g_error_free(error);
        return status;
    }
    g_clear_object(&door->certificate);
    door->certificate = certificate;
    door->certificate_changed_s = changed_s(door);
    return SUGU_OK;
}

/* The old certificate goes on where the new one cannot be used. */
static gboolean
on_renew(gpointer user)
{
    struct web_door *door = user;
    struct sugu_error error;

    if (changed_s(door) == door->certificate_changed_s)
        return G_SOURCE_CONTINUE;
    if (read_certificate(door, &error) == SUGU_OK)
        sugu_log(SUGU_LOG_INFO, "certificate.renewed", "%s", "");
    else
        sugu_log_error(SUGU_LOG_ERROR, "certificate.not-renewed", &error);
    return G_SOURCE_CONTINUE;
}

static GIOStream *
wrap_tls(struct web_door *door, GIOStream *plain)
{
    static const char *const protocols[] = {"http/1.1", NULL};
    GIOStream *tls = g_tls_server_connection_new(plain, door->certificate, NULL);

    if (tls) {
        g_tls_connection_set_advertised_protocols(G_TLS_CONNECTION(tls), protocols);
        g_tls_connection_set_require_close_notify(G_TLS_CONNECTION(tls), FALSE);
    }
    return tls;
}

/* ---- connections */

static void
on_closed(void *user, WebStream *stream)
{
    struct web_door *door = user;

    g_queue_unlink(&door->streams, web_stream_link(stream));
}

static struct web_address
address_of(GSocketAddress *remote)
{
    GInetAddress *inet = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(remote));

    return web_address_of(g_inet_address_to_bytes(inet), g_inet_address_get_native_size(inet));
}

static bool
has_room(const struct web_door *door, const struct web_address *address)
{
    size_t same = 0;

    if (door->streams.length >= door->settings.connection_max)
        return false;
    for (GList *link = door->streams.head; link; link = link->next)
        same += memcmp(web_stream_address(link->data), address, sizeof *address) == 0;
    return same < door->settings.connection_max_per_address;
}

static void
free_way(gpointer way)
{
    g_weak_ref_clear(way);
    g_free(way);
}

/* From a message's address, which is the object that libsoup was given, to its stream. */
static void
leave_way(GSocketAddress *remote, WebStream *stream)
{
    GWeakRef *way = g_new0(GWeakRef, 1);

    g_weak_ref_init(way, stream);
    g_object_set_data_full(G_OBJECT(remote), STREAM_KEY, way, free_way);
}

static void
let_in(struct web_door *door, GSocketConnection *connection, GSocketAddress *remote)
{
    GSocket *socket = g_socket_connection_get_socket(connection);
    GSocketAddress *local = g_socket_connection_get_local_address(connection, NULL);
    struct web_address address = address_of(remote);
    GIOStream *base = G_IO_STREAM(g_object_ref(connection));
    WebStream *stream;

    g_socket_set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
    g_socket_set_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS, NULL);
    g_socket_set_keepalive(socket, TRUE);
    if (door->certificate) {
        g_object_unref(base);
        base = wrap_tls(door, G_IO_STREAM(connection));
    }
    if (base && local) {
        door->figures->connections_accepted++;
        stream = web_stream_new(base, socket, &address, on_closed, door);
        g_queue_push_tail_link(&door->streams, web_stream_link(stream));
        web_stream_allow(stream, door->settings.request_size_max);
        web_stream_set_until(stream, now_us(door) + door->settings.request_us);
        leave_way(remote, stream);
        soup_server_accept_iostream(door->server, G_IO_STREAM(stream), local, remote, NULL);
        g_object_unref(stream);
    }
    g_clear_object(&base);
    g_clear_object(&local);
}

static gboolean
on_incoming(GSocketService *service, GSocketConnection *connection, GObject *source, gpointer user)
{
    struct web_door *door = user;
    GSocketAddress *remote = g_socket_connection_get_remote_address(connection, NULL);
    struct web_address address;

    (void)service;
    (void)source;
    if (!remote)
        return TRUE;
    address = address_of(remote);
    if (has_room(door, &address)) {
        let_in(door, connection, remote);
    } else {
        door->figures->connections_refused++;
        g_io_stream_close(G_IO_STREAM(connection), NULL, NULL);
    }
    g_object_unref(remote);
    return TRUE;
}

static gboolean
on_sweep(gpointer user)
{
    struct web_door *door = user;
    int64_t now = now_us(door);

    for (GList *link = door->streams.head; link; link = link->next)
        if (web_stream_until(link->data) <= now) {
            door->figures->connections_late++;
            web_stream_set_until(link->data, INT64_MAX);
            web_stream_cut(link->data);
        }
    return G_SOURCE_CONTINUE;
}

/* ---- the door */

enum sugu_status
web_door_new(const struct web_door_settings *settings,
             SoupServer *server,
             const struct sugu_clock *clock,
             struct web_figures *figures,
             struct web_door **ret_door,
             struct sugu_error *reterr)
{
    struct web_door *door = g_new0(struct web_door, 1);
    enum sugu_status status;

    door->settings = *settings;
    door->server = server;
    door->clock = clock;
    door->figures = figures;
    status = read_certificate(door, reterr);
    if (status == SUGU_OK)
        status = web_listener_new("listen", settings->listen, &door->service, &door->port, reterr);
    if (status != SUGU_OK) {
        web_door_free(door);
        return status;
    }
    g_signal_connect(door->service, "incoming", G_CALLBACK(on_incoming), door);
    door->sweep = g_timeout_add_seconds(SWEEP_S, on_sweep, door);
    if (*settings->certificate)
        door->renew = g_timeout_add_seconds(CERTIFICATE_S, on_renew, door);
    *ret_door = door;
    return SUGU_OK;
}

struct web_door *
web_door_free(struct web_door *door)
{
    GList *link;

    if (door->service) { /* else the certificate could not be read */
        g_socket_service_stop(door->service);
        g_socket_listener_close(G_SOCKET_LISTENER(door->service));
        g_object_unref(door->service);
    }
    if (door->sweep)
        g_source_remove(door->sweep);
    if (door->renew)
        g_source_remove(door->renew);
    while ((link = door->streams.head)) /* closing takes it out of the list */
        g_io_stream_close(G_IO_STREAM(link->data), NULL, NULL);
    g_clear_object(&door->certificate);
    g_free(door);
    return NULL;
}

uint16_t
web_door_port(const struct web_door *door)
{
    return door->port;
}

size_t
web_door_count(const struct web_door *door)
{
    return door->streams.length;
}

WebStream *
web_door_stream(SoupServerMessage *message)
{
    GSocketAddress *remote = soup_server_message_get_remote_address(message);

    GWeakRef *way = g_object_get_data(G_OBJECT(remote), STREAM_KEY);

    return way ? g_weak_ref_get(way) : NULL;
}

void
web_door_on_request(struct web_door *door, WebStream *stream)
{
    web_stream_set_until(stream, now_us(door) + door->settings.request_us);
}
