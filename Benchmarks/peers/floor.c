// The floor: the cost of the kernel's TCP alone. An epoll server that does not parse, look up or
// decide: it counts the empty lines in its input and answers each with the same bytes.
//
// Usage: floor PORT FILE [UPGRADE-FILE]
//
// FILE holds a whole response, head and body. Up to 64 KiB it is sent from memory, several in one
// call when requests are pipelined; a larger one with sendfile(2). With UPGRADE-FILE, a request
// with an Upgrade field gets the head in that file, and its connection stays open until the client
// closes it.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MEMORY_MAX = 65536, DESCRIPTORS_MAX = 65536, EVENTS_MAX = 256, PIPELINED_MAX = 64 };

static int epoll, file;
static char *response, *upgrade;
static size_t response_bytes, upgrade_bytes;
// Bytes still to be sent on each connection; nothing is read before they are sent.
static size_t pending[DESCRIPTORS_MAX];

static void fail(const char *what) {
  perror(what);
  exit(3);
}

static void watch(int operation, int descriptor, unsigned events) {
  struct epoll_event event = {.events = events, .data.fd = descriptor};
  if (epoll_ctl(epoll, operation, descriptor, &event) < 0) fail("epoll_ctl");
}

static int listen_at(int port) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  struct sockaddr_in address = {
      .sin_family = AF_INET,
      .sin_port = htons((unsigned short)port),
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
  };
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  if (listen(listener, 4096) < 0) fail("listen");
  return listener;
}

static char *load(const char *path, int *descriptor, size_t *byte_count) {
  struct stat status;
  *descriptor = open(path, O_RDONLY);
  if (*descriptor < 0 || fstat(*descriptor, &status) < 0) fail(path);
  *byte_count = (size_t)status.st_size;
  char *bytes = malloc(*byte_count);
  if (!bytes || pread(*descriptor, bytes, *byte_count, 0) != status.st_size) fail(path);
  return bytes;
}

// Sends the pending bytes; 0 when all are sent, 1 when some remain, -1 when the client is gone.
static int send_pending(int client) {
  while (pending[client] > 0) {
    size_t done = (response_bytes - pending[client] % response_bytes) % response_bytes;
    ssize_t sent;
    if (response_bytes > MEMORY_MAX) {
      off_t offset = (off_t)done;
      sent = sendfile(client, file, &offset, response_bytes - done);
    } else {
      struct iovec parts[PIPELINED_MAX];
      int count = 0;
      size_t left = pending[client];
      while (left > 0 && count < PIPELINED_MAX) {
        size_t bytes = response_bytes - done;
        parts[count++] = (struct iovec){response + done, bytes};
        left -= bytes;
        done = 0;
      }
      struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)count};
      sent = count == 1 ? send(client, parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL)
                        : sendmsg(client, &message, MSG_NOSIGNAL);
    }
    if (sent < 0) return errno == EAGAIN ? 1 : -1;
    if (sent == 0) return -1;
    pending[client] -= (size_t)sent;
  }
  return 0;
}

static size_t requests_in(const char *bytes, size_t count) {
  size_t requests = 0;
  const char *end = bytes + count;
  while ((bytes = memmem(bytes, (size_t)(end - bytes), "\r\n\r\n", 4))) {
    requests++;
    bytes += 4;
  }
  return requests;
}

static void serve(int client, unsigned events) {
  static char input[65536];
  int is_blocked = pending[client] > 0;
  if (!is_blocked) {
    ssize_t count = recv(client, input, sizeof input, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0 || (events & EPOLLERR)) {
      close(client);
      return;
    }
    if (upgrade && memmem(input, (size_t)count, "\r\nUpgrade:", 10)) {
      // It fits any socket buffer.
      if (send(client, upgrade, upgrade_bytes, MSG_NOSIGNAL) != (ssize_t)upgrade_bytes) close(client);
      return;
    }
    pending[client] = requests_in(input, (size_t)count) * response_bytes;
  }
  switch (send_pending(client)) {
    case 0:
      if (is_blocked) watch(EPOLL_CTL_MOD, client, EPOLLIN | EPOLLRDHUP);
      break;
    case 1:
      if (!is_blocked) watch(EPOLL_CTL_MOD, client, EPOLLOUT);
      break;
    default:
      pending[client] = 0;
      close(client);
  }
}

int main(int argc, char **argv) {
  if (argc != 3 && argc != 4) {
    fprintf(stderr, "usage: floor PORT FILE [UPGRADE-FILE]\n");
    return 2;
  }
  struct epoll_event events[EVENTS_MAX];
  int listener = listen_at(atoi(argv[1]));
  response = load(argv[2], &file, &response_bytes);
  if (argc == 4) {
    int upgrade_file;
    upgrade = load(argv[3], &upgrade_file, &upgrade_bytes);
  }
  epoll = epoll_create1(0);
  watch(EPOLL_CTL_ADD, listener, EPOLLIN);
  for (;;) {
    int count = epoll_wait(epoll, events, EVENTS_MAX, -1);
    for (int index = 0; index < count; index++) {
      int descriptor = events[index].data.fd;
      if (descriptor != listener) {
        serve(descriptor, events[index].events);
        continue;
      }
      int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
      if (client < 0) continue;
      pending[client] = 0;
      watch(EPOLL_CTL_ADD, client, EPOLLIN | EPOLLRDHUP);
    }
  }
}
