// Linux system calls for Swift, in the kernel's own convention.
//
// Every function returns the call's result (>= 0) or -errno, so Swift never reads `errno`:
// nothing can run between the call and the read. All of it is `static inline` where a request
// passes: no call is added.
//
// Do not define _GNU_SOURCE here. The toolchain's SwiftGlibc module is built without it, and a
// second definition of the same glibc structs does not merge (fd_set is the first to fail).
// Declare the GNU prototypes that are needed instead; CLinux.c asserts the constants.
#ifndef CLINUX_H
#define CLINUX_H

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

extern int syncfs(int fd);

static inline long clinux_result(long value) { return value < 0 ? -(long)errno : value; }

/// accept4(2): a non-blocking, close-on-exec connection.
///
/// `address`, of 17 bytes, receives the peer's: one byte 4 or 6, or 0 when it has none, and then up
/// to 16 bytes in network order. An IPv4 address that came through an IPv6 socket is told as IPv4.
long clinux_accept(int listener, unsigned char *address);

/// recv(2) into `start`, at most `count` bytes; 0 is the peer's end of stream.
static inline long clinux_receive(int fd, void *start, size_t count) {
  return clinux_result(recv(fd, start, count, 0));
}

/// recv(2) that leaves what it reads: 1 when a byte waits, 0 at the peer's end of stream, -EAGAIN
/// while the connection is open and nothing has come.
static inline long clinux_peek(int fd) {
  char byte;
  return clinux_result(recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT));
}

/// send(2) of `count` bytes, never raising SIGPIPE. `more` tells that a body follows at once.
__attribute__((always_inline))
static inline long clinux_send(int fd, const void *start, size_t count, int more) {
  return clinux_result(send(fd, start, count, MSG_NOSIGNAL | (more ? MSG_MORE : 0)));
}

/// sendmsg(2) of two parts in one call, never raising SIGPIPE.
static inline long clinux_send_two(int fd, const void *first, size_t first_count,
                                   const void *second, size_t second_count) {
  struct iovec parts[2] = {{(void *)first, first_count}, {(void *)second, second_count}};
  struct msghdr message = {0};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  return clinux_result(sendmsg(fd, &message, MSG_NOSIGNAL));
}

/// sendfile(2) of at most `count` bytes from `offset`. Raises SIGPIPE, which the thread blocks.
static inline long clinux_send_file(int fd, int file, int64_t offset, size_t count) {
  off_t position = (off_t)offset;
  return clinux_result(sendfile(fd, file, &position, count));
}

/// Bytes that were sent and that the peer has not acknowledged. ioctl(2), tcp(7): SIOCOUTQ
static inline long clinux_unsent_count(int fd) {
  int count = 0;
  return ioctl(fd, TIOCOUTQ, &count) < 0 ? -(long)errno : count;
}

/// The columns of the terminal `fd`; 0 when it is none. ioctl(2): TIOCGWINSZ
static inline int clinux_terminal_width(int fd) {
  struct winsize size = {0};
  return ioctl(fd, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

/// shutdown(2) of the sending side.
static inline long clinux_finish_sending(int fd) { return clinux_result(shutdown(fd, SHUT_WR)); }

/// Makes close(2) reset the connection, so that its peer cannot take a part for the whole.
/// setsockopt(2): SO_LINGER
static inline long clinux_reset_at_close(int fd) {
  struct linger linger = {1, 0};
  return clinux_result(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
}

/// The error that a connection ended with, as a positive number; 0 for none. getsockopt(2): SO_ERROR
static inline long clinux_socket_error(int fd) {
  int code = 0;
  socklen_t count = sizeof code;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &count) < 0 ? (long)errno : code;
}

/// dup(2), close-on-exec. fcntl(2): F_DUPFD_CLOEXEC
static inline long clinux_duplicate(int fd) {
  return clinux_result(fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

/// close(2). The descriptor is gone even when an error is returned.
static inline long clinux_close(int fd) { return clinux_result(close(fd)); }

/// epoll_create1(2), close-on-exec.
static inline long clinux_epoll_create(void) {
  return clinux_result(epoll_create1(EPOLL_CLOEXEC));
}

/// epoll_ctl(2): `operation` is CLINUX_ADD, CLINUX_MODIFY or CLINUX_DELETE; `data` comes back with events.
static inline long clinux_epoll_control(int epoll, int operation, int fd, uint32_t events,
                                        uint64_t data) {
  struct epoll_event event;
  event.events = events;
  event.data.u64 = data;
  return clinux_result(epoll_ctl(epoll, operation, fd, &event));
}

/// epoll_wait(2): at most `count` events; -1 milliseconds waits without end.
static inline long clinux_epoll_wait(int epoll, struct epoll_event *events, int count,
                                     int milliseconds) {
  return clinux_result(epoll_wait(epoll, events, count, milliseconds));
}

enum {
  CLINUX_READABLE = EPOLLIN,
  CLINUX_WRITABLE = EPOLLOUT,
  CLINUX_PEER_FINISHED = 1u << 13,
  CLINUX_HANG_UP = EPOLLHUP,
  CLINUX_ERROR = EPOLLERR,
  CLINUX_EXCLUSIVE = 1u << 28,
  CLINUX_AGAIN = EAGAIN,
  CLINUX_INTERRUPTED = EINTR,
  CLINUX_RESET = ECONNRESET,
  CLINUX_ADD = EPOLL_CTL_ADD,
  CLINUX_MODIFY = EPOLL_CTL_MOD,
  CLINUX_DELETE = EPOLL_CTL_DEL,
};

/// eventfd(2): non-blocking, close-on-exec.
static inline long clinux_eventfd(void) {
  return clinux_result(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
}

/// eventfd(2): reading waits, close-on-exec.
static inline long clinux_blocking_eventfd(void) { return clinux_result(eventfd(0, EFD_CLOEXEC)); }

/// Milliseconds of CLOCK_MONOTONIC_COARSE, some 4 ms fine. clock_gettime(2)
static inline int64_t clinux_monotonic_milliseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/// Seconds since 1970 of CLOCK_REALTIME_COARSE. clock_gettime(2)
static inline int64_t clinux_realtime_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return time.tv_sec;
}

/// Nanoseconds since 1970 of CLOCK_REALTIME_COARSE, which is the clock of files. clock_gettime(2)
static inline int64_t clinux_realtime_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// syncfs(2): what was written to the file system of `fd` is on its disk.
static inline long clinux_sync_file_system(int fd) { return clinux_result(syncfs(fd)); }

/// memfd_create(2): an empty file in memory, close-on-exec; `name` is for people.
long clinux_memory_file(const char *name);

/// open(2) of a file without a name in `directory`, for reading and writing, close-on-exec; it is gone
/// when it is closed.
long clinux_temporary_file(const char *directory);

/// pwrite(2) of `count` bytes at `offset`.
long clinux_write_at(int fd, const void *start, size_t count, int64_t offset);

/// pread(2) of up to `count` bytes from `offset`, which the call begins again when it is interrupted.
long clinux_read_at(int fd, void *start, size_t count, int64_t offset);

/// ftruncate(2) to no bytes.
long clinux_empty_file(int fd);

/// socket(2) and connect(2), non-blocking and close-on-exec, to a Unix socket's `path`.
///
/// The descriptor; -EAGAIN when the listener's queue is full.
long clinux_connect_unix(const char *path);

/// socket(2) and connect(2), non-blocking and close-on-exec, with TCP_NODELAY, to `port` of the
/// address of `count` bytes, 4 or 16, in network order.
///
/// The descriptor, which becomes writable once the connection stands or has failed.
long clinux_connect_tcp(const unsigned char *address, size_t count, unsigned port);

/// Runs a program to its end and returns its wait(2) status. posix_spawnp(3), waitpid(2)
///
/// `arguments`, which ends with NULL, begins with the program, found in PATH unless it has a slash.
/// It starts in `directory` with an empty standard input, `output` as its standard output and
/// error, and `answer` as descriptor 3.
long clinux_run(char *const *arguments, const char *directory, int output, int answer);

/// Starts a program beside this one and returns its process. fork(2), execvpe(3)
///
/// `arguments` and `environment` end with NULL; the program is found in PATH unless it has a slash.
/// Its signals are as they are by default, it keeps the standard streams, and it is sent SIGTERM
/// when the calling thread ends. With `own_group` it leads a process group of its own. Its soft
/// limit of descriptors is `descriptor_limit`, or the hard one if that is lower.
long clinux_start(char *const *arguments, char *const *environment, int own_group,
                  unsigned long descriptor_limit);

/// The entry of the environment at `index`, as `NAME=VALUE`; NULL behind the last. environ(7)
const char *clinux_environment_entry(size_t index);

/// Takes a child that has ended and its wait(2) status; 0 when none has. waitpid(2)
long clinux_reap(int *status);

/// A wait(2) status of a process that has ended as a shell tells it: 128 and its signal's number,
/// or its exit code.
int clinux_exit_status(int status);

/// Makes this process the parent of descendants whose own parent ends. prctl(2)
long clinux_adopt_orphans(void);

/// As `clinux_take_signal`, and whether the kernel has sent it, as it does for keys of a terminal.
long clinux_take_signal_with_origin(int fd, int *is_from_kernel);

enum {
  /// One more than the highest signal.
  CLINUX_SIGNAL_COUNT = 65
};

/// The number of processors that this process may run on, at least 1. sched_getaffinity(2)
long clinux_processor_count(void);

/// Names the calling thread, at most 15 bytes. pthread_setname_np(3)
void clinux_name_thread(const char *name);

/// signalfd(2): blocks the `count` signals in this thread and those that it starts, and returns a
/// descriptor that is readable while one of them is pending. Close-on-exec, non-blocking.
long clinux_signal_descriptor(const int *signals, size_t count);

/// Takes one pending signal from such a descriptor; -EAGAIN when there is none.
long clinux_take_signal(int fd);

#endif
