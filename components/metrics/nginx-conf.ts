/** Where nginx gets a part of the metrics: `host:port` of an exporter in its networks, or the path of a Unix socket. */
export interface Source {
  name: string;
  address: string;
}

/** Port of the endpoint in its container. */
export const PORT = 9180;

/** Path of the metrics at the endpoint and on the site. */
export const METRICS_PATH = "/metrics";

/** The file in nginx's container that includes the parts. */
export const PARTS_FILE = "/srv/metrics/parts";

/**
 * Renders nginx.conf of the endpoint: `/metrics` is the output of all sources, one after the other, by nginx's server-side includes. The
 * part of a source that does not answer is missing; the others remain.
 */
export function metricsNginxConf(sources: readonly Source[]): string {
  return `worker_processes 1;
pid /run/nginx/nginx.pid;
error_log /dev/stderr error;

events {
    worker_connections 64;
}

http {
    access_log off;
    server_tokens off;
    client_body_temp_path /tmp/body;
    proxy_temp_path /tmp/proxy;
    fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi;
    scgi_temp_path /tmp/scgi;
    default_type "text/plain; version=0.0.4; charset=utf-8";

    # Exporters start after this container, and get other addresses.
    resolver 127.0.0.11 valid=5s ipv6=off;
    proxy_http_version 1.1;
    proxy_connect_timeout 2s;
    proxy_read_timeout 8s;
    # The parts must have one format, as they become one response: no OpenMetrics and no compression.
    proxy_set_header Accept "text/plain;version=0.0.4";
    proxy_set_header Accept-Encoding "";
    proxy_max_temp_file_size 0;

    server {
        listen ${PORT};

        location / {
            return 404 "Metrics are at ${METRICS_PATH}.\\n";
        }

        location = /health {
            return 200 "ok\\n";
        }

        location = ${METRICS_PATH} {
            ssi on;
            ssi_types *;
            alias ${PARTS_FILE};
        }

        location @missing {
            return 200 "";
        }
${sources.map(location).join("")}    }
}
`;
}

/** The file with the includes. */
export function parts(sources: readonly Source[]): string {
  return sources.map(({ name }) => `<!--# include virtual="/parts/${name}" -->`).join("");
}

function location({ name, address }: Source): string {
  const target = address.startsWith("/") ? `http://unix:${address}:/metrics` : "http://$source/metrics";
  return `
        location = /parts/${name} {
            internal;
            set $source ${address};
            proxy_pass ${target};
            proxy_intercept_errors on;
            error_page 404 500 502 503 504 = @missing;
        }
`;
}
