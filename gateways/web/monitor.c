/* SPDX-License-Identifier: Apache-2.0 */
/*
 * monitor - /metrics and /healthz at an address of their own, for the hospital's monitoring
 */
#include "web/monitor.h"

#include "web/listener.h"

#include <libsoup/soup.h>

#include <string.h>

struct web_monitor {
    struct web_monitor_means means;
    GSocketService *service;
    SoupServer *server;
    uint16_t port;
};

static void
on_request(SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user)
{
    struct web_monitor *monitor = user;
    struct web_levels levels = {.connections = 0};
    guint status = SOUP_STATUS_NOT_FOUND;
    GString *text = g_string_new(NULL);
    gsize size;

    (void)server, (void)query;
    monitor->means.look(monitor->means.user, &levels);
    if (strcmp(path, "/metrics") == 0) {
        web_figures_write(monitor->means.figures, &levels, text);
        status = SOUP_STATUS_OK;
    } else if (strcmp(path, "/healthz") == 0) {
        status = levels.is_server_up ? SOUP_STATUS_OK : SOUP_STATUS_SERVICE_UNAVAILABLE;
        g_string_append(text, levels.is_server_up ? "ok\n" : "the queue server does not answer\n");
    }
    size = text->len;
    soup_server_message_set_status(message, status, NULL);
    soup_server_message_set_response(message, "text/plain; version=0.0.4; charset=utf-8",
                                     SOUP_MEMORY_TAKE, g_string_free(text, FALSE), size);
}

static gboolean
on_incoming(GSocketService *service, GSocketConnection *connection, GObject *source, gpointer user)
{
    struct web_monitor *monitor = user;
    GSocketAddress *local = g_socket_connection_get_local_address(connection, NULL);
    GSocketAddress *remote = g_socket_connection_get_remote_address(connection, NULL);

    (void)service, (void)source;
    if (local && remote)
        soup_server_accept_iostream(monitor->server, G_IO_STREAM(connection), local, remote, NULL);
    g_clear_object(&local);
    g_clear_object(&remote);
    return TRUE;
}

enum sugu_status
web_monitor_new(const char *address,
                const struct web_monitor_means *means,
                struct web_monitor **ret_monitor,
                struct sugu_error *reterr)
{
    struct web_monitor *monitor = g_new0(struct web_monitor, 1);
    enum sugu_status status =
        web_listener_new("monitor", address, &monitor->service, &monitor->port, reterr);

    if (status != SUGU_OK) {
        g_free(monitor);
        return status;
    }
    monitor->means = *means;
    monitor->server = soup_server_new("server-header", NULL, NULL);
    soup_server_add_handler(monitor->server, NULL, on_request, monitor, NULL);
    g_signal_connect(monitor->service, "incoming", G_CALLBACK(on_incoming), monitor);
    *ret_monitor = monitor;
    return SUGU_OK;
}

struct web_monitor *
web_monitor_free(struct web_monitor *monitor)
{
    if (!monitor)
        return NULL;
    g_socket_service_stop(monitor->service);
    g_socket_listener_close(G_SOCKET_LISTENER(monitor->service));
    g_object_unref(monitor->service);
    soup_server_disconnect(monitor->server);
    g_object_unref(monitor->server);
    g_free(monitor);
    return NULL;
}

uint16_t
web_monitor_port(const struct web_monitor *monitor)
{
    return monitor ? monitor->port : 0;
}
