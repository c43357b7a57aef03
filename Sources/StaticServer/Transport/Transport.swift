internal import CLinux

/// The byte stream of a client's connection: plain TCP or a Unix socket.
///
/// Every function returns a number of bytes or a negative error number; -EAGAIN if the socket is
/// not ready. A second case can add TLS: no code above this file makes a system call for a client's
/// bytes.
enum Transport {
  /// The bytes are sent and received unchanged.
  case plain(Int32)

  /// Receives up to `count` bytes into `start`; returns 0 at the end of stream. recv(2)
  @inline(always)
  func receive(_ start: UnsafeMutableRawPointer, _ count: Int) -> Int {
    switch self {
    case .plain(let fd): unsafe clinux_receive(fd, start, count)
    }
  }

  /// Sends `count` bytes. send(2)
  ///
  /// - Parameter hasMore: MSG_MORE: more bytes follow at once, so the kernel may delay a segment.
  @inline(always)
  func send(_ start: UnsafeRawPointer, _ count: Int, hasMore: Bool) -> Int {
    switch self {
    case .plain(let fd): unsafe clinux_send(fd, start, count, hasMore ? 1 : 0)
    }
  }

  /// Sends two pieces with one call. sendmsg(2)
  @inline(always)
  func send(
    _ first: UnsafeRawPointer,
    _ firstCount: Int,
    _ second: UnsafeRawPointer,
    _ secondCount: Int
  ) -> Int {
    switch self {
    case .plain(let fd): unsafe clinux_send_two(fd, first, firstCount, second, secondCount)
    }
  }

  /// Sends up to `count` bytes of `file` from `offset` on. sendfile(2)
  ///
  /// Returns 0 if the file ends at or before `offset`.
  @inline(always)
  func sendFile(_ file: Int32, from offset: Int64, _ count: Int) -> Int {
    switch self {
    case .plain(let fd): clinux_send_file(fd, file, offset, count)
    }
  }

  /// Checks for a received byte without reading it: 1 if there is one, 0 at the end of stream.
  /// recv(2)
  func peek() -> Int {
    switch self {
    case .plain(let fd): clinux_peek(fd)
    }
  }

  /// Bytes sent that the peer's kernel has not acknowledged. ioctl(2): SIOCOUTQ
  var unacknowledgedCount: Int64 {
    switch self {
    case .plain(let fd): Int64(max(0, clinux_unsent_count(fd)))
    }
  }

  /// Shuts down the sending side. shutdown(2)
  func finishSending() {
    switch self {
    case .plain(let fd): _ = clinux_finish_sending(fd)
    }
  }

  /// Makes `close` send a reset, so that the client recognises a truncated response.
  ///
  /// setsockopt(2): SO_LINGER
  func resetAtClose() {
    switch self {
    case .plain(let fd): _ = clinux_reset_at_close(fd)
    }
  }

  /// Closes the connection. close(2)
  func close() {
    switch self {
    case .plain(let fd): _ = clinux_close(fd)
    }
  }
}
