// Linux system calls for Swift: every function returns the call's result (>= 0) or -errno, so Swift
// never reads `errno` and nothing can run between the call and the read. The functions of the
// request path are `static inline`, which adds no call.
//
// Do not define _GNU_SOURCE here. The toolchain's SwiftGlibc module is built without it, and two
// definitions of one glibc struct do not merge (fd_set is the first to fail). Declare the GNU
// prototypes instead; CLinux.c asserts the constants.
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
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

extern int syncfs(int fd);

static inline long clinux_result(long value) { return value < 0 ? -(long)errno : value; }

/// The number of words of the command line, including the program's name, and each word.
int clinux_argument_count(void);
const char *clinux_argument(int index);

/// Restricts name lookups of a static executable to files and DNS, which glibc has built in. For
/// other services of nsswitch.conf(5), it would load libraries of another glibc, and crash. Call it
/// before the first lookup. Has no effect in other executables.
void clinux_confine_lookups(void);

/// accept4(2): a non-blocking, close-on-exec connection.
///
/// `address` receives 17 bytes, the peer's address: its family (4, 6, or 0 for none), then 4 or 16
/// bytes in network order. An IPv4-mapped IPv6 address is returned as IPv4.
long clinux_accept(int listener, unsigned char *address);

/// recv(2) of at most `count` bytes into `start`; 0 at the end of the peer's stream.
__attribute__((always_inline))
static inline long clinux_receive(int fd, void *start, size_t count) {
  return clinux_result(recv(fd, start, count, 0));
}

/// recv(2) with MSG_PEEK: 1 when a byte can be read, 0 at the end of the peer's stream, -EAGAIN
/// when the connection is open and nothing has been received.
static inline long clinux_peek(int fd) {
  char byte;
  return clinux_result(recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT));
}

/// send(2) of `count` bytes, without SIGPIPE. `more` sets MSG_MORE: further bytes follow at once.
__attribute__((always_inline))
static inline long clinux_send(int fd, const void *start, size_t count, int more) {
  return clinux_result(send(fd, start, count, MSG_NOSIGNAL | (more ? MSG_MORE : 0)));
}

/// sendmsg(2) of two buffers, without SIGPIPE.
__attribute__((always_inline))
static inline long clinux_send_two(int fd, const void *first, size_t first_count,
                                   const void *second, size_t second_count) {
  struct iovec parts[2] = {{(void *)first, first_count}, {(void *)second, second_count}};
  struct msghdr message = {0};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  return clinux_result(sendmsg(fd, &message, MSG_NOSIGNAL));
}

/// sendfile(2) of at most `count` bytes from `offset`. Can raise SIGPIPE: the thread must block it.
__attribute__((always_inline))
static inline long clinux_send_file(int fd, int file, int64_t offset, size_t count) {
  off_t position = (off_t)offset;
  return clinux_result(sendfile(fd, file, &position, count));
}

/// preadv2(2) with RWF_NOWAIT: the bytes in the page cache of `count` bytes from `offset`; -EAGAIN
/// when the disk would have to be read, -EOPNOTSUPP when the file system does not support the flag.
///
/// Called by its number: glibc declares the function for _GNU_SOURCE only, and other libraries lack
/// it.
static inline long clinux_read_cached(int fd, void *start, size_t count, int64_t offset) {
  const long no_wait = 8;  // RWF_NOWAIT of linux/fs.h
  struct iovec part = {start, count};
  return clinux_result(
      syscall(SYS_preadv2, fd, &part, 1L, (long)offset, (long)(offset >> 32 >> 16 >> 16), no_wait));
}

/// Bytes sent that the peer has not acknowledged. ioctl(2) SIOCOUTQ, tcp(7)
static inline long clinux_unsent_count(int fd) {
  int count = 0;
  return ioctl(fd, TIOCOUTQ, &count) < 0 ? -(long)errno : count;
}

/// The width of the terminal `fd` in columns; 0 when it is not a terminal. ioctl(2) TIOCGWINSZ
static inline int clinux_terminal_width(int fd) {
  struct winsize size = {0};
  return ioctl(fd, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

/// shutdown(2) of the sending direction.
static inline long clinux_finish_sending(int fd) { return clinux_result(shutdown(fd, SHUT_WR)); }

/// Makes close(2) reset the connection, so that the peer cannot take a partial response for a
/// complete one. setsockopt(2) SO_LINGER
static inline long clinux_reset_at_close(int fd) {
  struct linger linger = {1, 0};
  return clinux_result(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
}

/// The pending error of a socket as a positive number; 0 for none. getsockopt(2) SO_ERROR
static inline long clinux_socket_error(int fd) {
  int code = 0;
  socklen_t count = sizeof code;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &count) < 0 ? (long)errno : code;
}

/// dup(2), close-on-exec. fcntl(2): F_DUPFD_CLOEXEC
static inline long clinux_duplicate(int fd) {
  return clinux_result(fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

/// close(2). The descriptor is released even when an error is returned.
static inline long clinux_close(int fd) { return clinux_result(close(fd)); }

/// epoll_create1(2), close-on-exec.
static inline long clinux_epoll_create(void) {
  return clinux_result(epoll_create1(EPOLL_CLOEXEC));
}

/// epoll_ctl(2). `operation` is CLINUX_ADD, CLINUX_MODIFY or CLINUX_DELETE; `data` is returned with
/// each event.
static inline long clinux_epoll_control(int epoll, int operation, int fd, uint32_t events,
                                        uint64_t data) {
  struct epoll_event event;
  event.events = events;
  event.data.u64 = data;
  return clinux_result(epoll_ctl(epoll, operation, fd, &event));
}

/// epoll_wait(2) for at most `count` events; -1 milliseconds means no time limit.
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

/// eventfd(2), non-blocking, close-on-exec.
static inline long clinux_eventfd(void) {
  return clinux_result(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
}

/// eventfd(2), blocking reads, close-on-exec.
static inline long clinux_blocking_eventfd(void) { return clinux_result(eventfd(0, EFD_CLOEXEC)); }

/// CLOCK_MONOTONIC_COARSE in milliseconds; its resolution is about 4 ms. clock_gettime(2)
static inline int64_t clinux_monotonic_milliseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/// CLOCK_MONOTONIC in nanoseconds. clock_gettime(2)
static inline int64_t clinux_monotonic_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// CLOCK_REALTIME in nanoseconds since 1970. clock_gettime(2)
static inline int64_t clinux_realtime_precise_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// CLOCK_REALTIME_COARSE in seconds since 1970. clock_gettime(2)
static inline int64_t clinux_realtime_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return time.tv_sec;
}

/// CLOCK_REALTIME_COARSE, the clock of file times, in nanoseconds since 1970. clock_gettime(2)
static inline int64_t clinux_realtime_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// syncfs(2): writes the file system of `fd` to its disk.
static inline long clinux_sync_file_system(int fd) { return clinux_result(syncfs(fd)); }

/// memfd_create(2): an empty file in memory, close-on-exec; `name` is for diagnostics only.
long clinux_memory_file(const char *name);

/// Frees the memory of a file in memory up to its last `kept` bytes, which stay where they are; a reader of
/// the others finds zeros. fallocate(2)
void clinux_drop_start(int fd, int64_t kept);

/// open(2) with O_TMPFILE: a file without a name in `directory`, for reading and writing,
/// close-on-exec. It is deleted when it is closed.
long clinux_temporary_file(const char *directory);

/// openat2(2) of `path` below `directory`. A path that leaves the directory is -EXDEV, and so is an
/// absolute symbolic link. With `follows_links` 0 every symbolic link is -ELOOP. Close-on-exec;
/// magic links of /proc are rejected.
long clinux_open_below(int directory, const char *path, int flags, int follows_links);

/// The same without openat2(2), with one openat(2) for each segment; a symbolic link is -ELOOP or
/// -ENOTDIR.
///
/// `path` must not have a segment `..`.
long clinux_walk_below(int directory, const char *path, int flags);

/// Whether inotify(7) reports every change on the file system of `fd`: 0 for file systems that
/// other machines or programs change, and for unknown ones. fstatfs(2)
int clinux_reports_changes(int fd);

/// Watches the directory `fd`, also when it was opened with O_PATH; returns the watch descriptor.
///
/// Reports events of the directory itself, and of its entries if `reports_names` is set. Needs
/// /proc. inotify_add_watch(2)
long clinux_watch(int inotify, int fd, int reports_names);

/// One event of inotify(7).
struct clinux_change {
  /// The watch descriptor; -1 when the queue has overflowed.
  int watch;
  /// Whether the watched directory itself was moved, removed or unmounted, or its permissions have
  /// changed.
  int is_own;
  /// The name in the directory; its length is 0 when there is none.
  const char *name;
  size_t name_count;
};

/// Parses the event at `*offset` of `count` bytes that were read, and advances `*offset`; 0 at the
/// end.
int clinux_next_change(const void *bytes, size_t count, size_t *offset,
                       struct clinux_change *change);

enum {
  /// O_PATH, for fstat(2): opens no device and does not wake the writer of a FIFO.
  CLINUX_PATH_ONLY = 010000000,
  CLINUX_PRIORITY = EPOLLPRI,
};

/// Writes a time in seconds since 1970 as local time, such as "Nov 21 05:01:16", to `text`, which has
/// `capacity` bytes; returns the length, or 0. localtime_r(3), strftime(3)
size_t clinux_local_time(int64_t seconds, char *text, size_t capacity);

/// pwrite(2) of `count` bytes at `offset`.
long clinux_write_at(int fd, const void *start, size_t count, int64_t offset);

/// pread(2) of up to `count` bytes from `offset`; called again after EINTR.
long clinux_read_at(int fd, void *start, size_t count, int64_t offset);

/// ftruncate(2) to length 0.
long clinux_empty_file(int fd);

/// socket(2) and connect(2) to the Unix socket at `path`, non-blocking and close-on-exec.
///
/// Returns the descriptor; -EAGAIN when the listener's backlog is full.
long clinux_connect_unix(const char *path);

/// socket(2) and connect(2) to a TCP port, non-blocking and close-on-exec, with TCP_NODELAY.
///
/// `address` is `count` bytes, 4 or 16, in network order. Returns the descriptor, which becomes
/// writable when the connection is established or has failed.
long clinux_connect_tcp(const unsigned char *address, size_t count, unsigned port);

/// Starts a program that is expected to end by itself, and returns its process id. fork(2),
/// execvpe(3)
///
/// `arguments` begins with the program and ends with NULL. A program without a slash is found in
/// PATH. It runs in `directory`; standard input is /dev/null, standard output and standard error
/// are `output`, and descriptor 3 is `answer`; both numbers are above 2. Signal dispositions and
/// the signal mask are the defaults. The program leads a process group of its own, and receives
/// SIGKILL when the calling thread ends.
long clinux_ask(char *const *arguments, const char *directory, int output, int answer);

/// Starts a guard: a process that kills the process group of `process` when this process ends for
/// any reason. fork(2), kill(2)
///
/// Stores the guard's process id in `guard`. Returns the descriptor for `clinux_dismiss_guard`; it
/// is close-on-exec.
int clinux_guard_group(int process, int *guard);

/// Ends a guard and closes its descriptor; the process group is not killed.
void clinux_dismiss_guard(int descriptor, int guard);

/// Waits at most `milliseconds` for the end of a child and stores its wait(2) status; 0 if it has
/// not ended. pidfd_open(2), waitpid(2)
long clinux_wait(int process, int milliseconds, int *status);

/// Starts a program and returns its process id. fork(2), execvpe(3)
///
/// `arguments` and `environment` end with NULL; a program without a slash is found in PATH. Signal
/// dispositions and the signal mask are the defaults; the standard streams are inherited. The
/// program receives SIGTERM when the calling thread ends. If `own_group` is set, it leads a new
/// process group. Its soft limit of descriptors is `descriptor_limit`, at most the hard limit.
long clinux_start(char *const *arguments, char *const *environment, int own_group,
                  unsigned long descriptor_limit);

/// Starts a program that replaces this process, and returns its process id. fork(2), execvpe(3)
///
/// Like `clinux_start`, but the program continues when this process ends, and inherits the
/// descriptors `passed`.
long clinux_succeed(char *const *arguments, char *const *environment, const int *passed,
                    size_t passed_count);

/// Sends `count` bytes to the datagram socket at `path`; a path that begins with '@' is an abstract
/// name. sendto(2), unix(7)
long clinux_notify(const char *path, const void *text, size_t count);

/// CLOCK_MONOTONIC in microseconds. clock_gettime(2)
int64_t clinux_monotonic_microseconds(void);

/// The environment's entry at `index`, `NAME=VALUE`; NULL after the last. environ(7)
const char *clinux_environment_entry(size_t index);

/// Reaps a child that has ended and stores its wait(2) status; 0 when none has. waitpid(2)
long clinux_reap(int *status);

/// The exit status of an ended process as shells report it: its exit code, or 128 plus the signal's
/// number.
int clinux_exit_status(int status);

/// Makes this process the parent of orphaned descendants. prctl(2) PR_SET_CHILD_SUBREAPER
long clinux_adopt_orphans(void);

/// Like `clinux_take_signal`; also stores whether the kernel sent the signal, for example for a key
/// of the terminal.
long clinux_take_signal_with_origin(int fd, int *is_from_kernel);

enum {
  /// One more than the highest signal number.
  CLINUX_SIGNAL_COUNT = 65
};

/// Schedules the calling thread only when a processor is idle. sched_setscheduler(2) SCHED_IDLE,
/// setpriority(2)
void clinux_become_idle(void);

/// Reduces the share of the calling thread, and of those that it starts, to about a tenth when
/// processors are busy: nice 10. setpriority(2)
void clinux_lower_priority(void);

/// Names the calling thread, at most 15 bytes. pthread_setname_np(3)
void clinux_name_thread(const char *name);

/// signalfd(2): blocks `count` signals in this thread and in the threads that it starts, and
/// returns a descriptor that is readable while one of them is pending. Close-on-exec, non-blocking.
long clinux_signal_descriptor(const int *signals, size_t count);

/// Reads one pending signal from a signalfd(2) descriptor and returns its number; -EAGAIN when none
/// is pending.
long clinux_take_signal(int fd);

#endif
