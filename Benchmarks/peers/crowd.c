// Many clients that give up: one process, one epoll, a connection for each request.
//
// Usage: crowd PORT PATH NAME MODE N SECONDS PATIENCE-MIN PATIENCE-MAX
//
//   rate N      N requests a second for SECONDS, with exponential gaps, regardless of responses
//   at-once N   N requests at the start
//   closed N    N clients for SECONDS, each sending its next request after the last response
//
// A client closes its connection when its patience (seconds, evenly distributed) is over. With a
// NAME, request I is for PATH followed by NAME-I, and the response's body must be that identifier;
// with "-" the path is used unchanged.
//
// Prints one line for each request at the end: its number, when it started and ended (nanoseconds
// of CLOCK_MONOTONIC), the status (0: gave up, 1: not connected, 2: no complete response), whether
// there was a Retry-After, whether the body was another one, and by how many nanoseconds the client
// itself started the request late.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { GAVE_UP = 0, NOT_CONNECTED = 1, INCOMPLETE = 2 };
enum { DESCRIPTORS_MAX = 20000, REQUESTS_MAX = 1 << 20, EVENTS_MAX = 512, HEAD_MAX = 3072 };
// Each source address has its own ports, so that those in TIME_WAIT do not run out.
enum { ADDRESSES = 64 };

typedef struct {
  int64_t started, ended, late;
  int16_t status;
  int8_t has_retry_after, is_wrong;
} request_t;

typedef struct {
  int request;
  int is_sent;
  size_t received, body_offset, body_bytes;
  char bytes[HEAD_MAX + 1];
} client_t;

static request_t *requests;
static client_t *clients;
// Separate from the clients, because it is scanned: when each descriptor's client gives up, or 0.
static int64_t gives_up[DESCRIPTORS_MAX];
static int epoll, request_count, open_count, descriptor_max, port;
static const char *path, *name;
static double patience_min, patience_max;

static void fail(const char *what) {
  perror(what);
  exit(3);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

// In (0, 1]; the same sequence in every run.
static double random_share(void) {
  static uint64_t state = 88172645463325252ULL;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (double)((state >> 11) + 1) / 9007199254740992.0;
}

static void end(int descriptor, int status) {
  request_t *request = &requests[clients[descriptor].request];
  // Closed before the time is noted: the server can detect the close from that time on.
  close(descriptor);
  request->ended = now();
  request->status = (int16_t)status;
  gives_up[descriptor] = 0;
  open_count--;
}

static void send_request(int descriptor) {
  client_t *client = &clients[descriptor];
  char text[512], identifier[64] = "";
  if (*name != '-') snprintf(identifier, sizeof identifier, "%s-%d", name, client->request);
  int count = snprintf(text, sizeof text,
                       "GET %s%s HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: br\r\n"
                       "Connection: close\r\n\r\n",
                       path, identifier);
  ssize_t sent = send(descriptor, text, (size_t)count, MSG_NOSIGNAL);
  if (sent == count) {
    client->is_sent = 1;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) < 0) fail("epoll_ctl");
  } else if (!(sent < 0 && (errno == EAGAIN || errno == ENOTCONN))) {
    end(descriptor, NOT_CONNECTED);
  }
}

static void start(int64_t scheduled) {
  if (request_count == REQUESTS_MAX) fail("too many requests");
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  if (descriptor < 0 || descriptor >= DESCRIPTORS_MAX) fail("socket");
  struct sockaddr_in source = {
      .sin_family = AF_INET,
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)(request_count % ADDRESSES)),
  };
  struct sockaddr_in server = {
      .sin_family = AF_INET,
      .sin_port = htons((uint16_t)port),
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
  };
  setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (bind(descriptor, (struct sockaddr *)&source, sizeof source) < 0) fail("bind");
  int64_t time = now();
  request_t *request = &requests[request_count];
  *request = (request_t){.started = time, .late = time - scheduled};
  client_t *client = &clients[descriptor];
  client->request = request_count++;
  client->is_sent = 0;
  client->received = client->body_offset = client->body_bytes = 0;
  double patience = patience_min + (patience_max - patience_min) * random_share();
  gives_up[descriptor] = time + (int64_t)(patience * 1e9);
  if (descriptor > descriptor_max) descriptor_max = descriptor;
  open_count++;
  int result = connect(descriptor, (struct sockaddr *)&server, sizeof server);
  if (result < 0 && errno != EINPROGRESS) {
    end(descriptor, NOT_CONNECTED);
    return;
  }
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.fd = descriptor};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
  if (result == 0) send_request(descriptor);
}

static const char *field(const char *head, const char *wanted) {
  for (const char *line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
    line += 2;
    if (strncasecmp(line, wanted, strlen(wanted)) == 0) return line + strlen(wanted);
  }
  return NULL;
}

static void finish(int descriptor) {
  client_t *client = &clients[descriptor];
  request_t *request = &requests[client->request];
  char identifier[64];
  int status = atoi(client->bytes + 9);
  client->bytes[client->body_offset - 1] = 0;
  request->has_retry_after = field(client->bytes, "Retry-After:") != NULL;
  if (status == 200 && *name != '-') {
    int count = snprintf(identifier, sizeof identifier, "%s-%d", name, client->request);
    request->is_wrong = client->body_bytes != (size_t)count ||
                        memcmp(client->bytes + client->body_offset, identifier, (size_t)count) != 0;
  }
  end(descriptor, status);
}

static void receive(int descriptor) {
  static char rest[65536];
  client_t *client = &clients[descriptor];
  for (;;) {
    // Bytes beyond the space for head and identifier are counted and discarded.
    size_t space = client->received < HEAD_MAX ? HEAD_MAX - client->received : 0;
    ssize_t count = space > 0 ? recv(descriptor, client->bytes + client->received, space, 0)
                              : recv(descriptor, rest, sizeof rest, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
      end(descriptor, client->is_sent ? INCOMPLETE : NOT_CONNECTED);
      return;
    }
    client->received += (size_t)count;
    if (client->body_offset == 0) {
      if (client->received > HEAD_MAX) {
        end(descriptor, INCOMPLETE);
        return;
      }
      client->bytes[client->received] = 0;
      const char *head_end = strstr(client->bytes, "\r\n\r\n");
      const char *length = head_end ? field(client->bytes, "Content-Length:") : NULL;
      if (!head_end) continue;
      client->body_offset = (size_t)(head_end - client->bytes) + 4;
      client->body_bytes = length ? strtoul(length, NULL, 10) : 0;
    }
    if (client->received >= client->body_offset + client->body_bytes) {
      finish(descriptor);
      return;
    }
  }
}

static void give_up(int64_t time) {
  for (int descriptor = 0; descriptor <= descriptor_max; descriptor++) {
    if (gives_up[descriptor] > 0 && gives_up[descriptor] <= time) end(descriptor, GAVE_UP);
  }
}

static void wait_until(int64_t deadline) {
  struct epoll_event events[EVENTS_MAX];
  int64_t left = deadline - now();
  if (left < 0) left = 0;
  struct timespec timeout = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
  int count = epoll_pwait2(epoll, events, EVENTS_MAX, &timeout, NULL);
  for (int index = 0; index < count; index++) {
    int descriptor = events[index].data.fd;
    if (!clients[descriptor].is_sent && (events[index].events & EPOLLOUT)) {
      send_request(descriptor);
    } else {
      receive(descriptor);
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 9) {
    fprintf(stderr, "usage: crowd PORT PATH NAME MODE N SECONDS PATIENCE-MIN PATIENCE-MAX\n");
    return 2;
  }
  struct rlimit limit = {DESCRIPTORS_MAX, DESCRIPTORS_MAX};
  port = atoi(argv[1]);
  path = argv[2];
  name = argv[3];
  int is_rate = strcmp(argv[4], "rate") == 0, is_closed = strcmp(argv[4], "closed") == 0;
  double many = atof(argv[5]);
  patience_min = atof(argv[7]);
  patience_max = atof(argv[8]);
  setrlimit(RLIMIT_NOFILE, &limit);
  requests = calloc(REQUESTS_MAX, sizeof *requests);
  clients = calloc(DESCRIPTORS_MAX, sizeof *clients);
  epoll = epoll_create1(0);
  if (!requests || !clients || epoll < 0) fail("memory");

  int64_t began = now(), stops = began + (int64_t)(atof(argv[6]) * 1e9);
  int64_t next_arrival = began, next_look = began;
  if (!is_rate && !is_closed) {
    for (int index = 0; index < many; index++) start(now());
  }
  for (;;) {
    int64_t time = now(), deadline = time + 10000000;
    if (is_closed && time < stops) {
      while (open_count < many) start(now());
    }
    while (is_rate && next_arrival <= time && next_arrival < stops) {
      start(next_arrival);
      next_arrival += (int64_t)(-log(random_share()) / many * 1e9);
    }
    if (time >= next_look) {
      give_up(time);
      next_look = time + 5000000;
    }
    if (open_count == 0 && (time >= stops || !(is_rate || is_closed))) break;
    if (is_rate && next_arrival < deadline && next_arrival < stops) deadline = next_arrival;
    wait_until(next_look < deadline ? next_look : deadline);
  }
  for (int index = 0; index < request_count; index++) {
    request_t *r = &requests[index];
    printf("%d %ld %ld %d %d %d %ld\n", index, r->started, r->ended, r->status, r->has_retry_after,
           r->is_wrong, r->late);
  }
  return 0;
}
