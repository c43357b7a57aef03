internal import CLinux

/// How the bytes of a client's connection reach it: plain TCP or a Unix socket today.
///
/// Every function returns the number of bytes, or a negative error number; -EAGAIN when the
/// connection is not ready. A transport that encrypts becomes a second case; nothing above this file
/// calls the system for a client's bytes.
enum Transport {
  /// Bytes go to the descriptor as they are.
  case plain(Int32)

  /// Receives up to `count` bytes into `start`; 0 is the client's end of stream. recv(2)
  @inline(always)
  func receive(_ start: UnsafeMutableRawPointer, _ count: Int) -> Int {
    switch self {
    case .plain(let fd): unsafe clinux_receive(fd, start, count)
    }
  }

  /// Sends `count` bytes. send(2)
  ///
  /// - Parameter hasMore: whether more follows at once, so that the system may wait for it.
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

  /// Sends up to `count` bytes of `file` from `offset` on; 0 means that the file ends there.
  /// sendfile(2)
  @inline(always)
  func sendFile(_ file: Int32, from offset: Int64, _ count: Int) -> Int {
    switch self {
    case .plain(let fd): clinux_send_file(fd, file, offset, count)
    }
  }

  /// Whether a byte waits, without taking it: 1, or 0 at the client's end of stream. recv(2)
  func peek() -> Int {
    switch self {
    case .plain(let fd): clinux_peek(fd)
    }
  }

  /// Bytes that were sent and that the client's side has not acknowledged. ioctl(2): SIOCOUTQ
  var unacknowledgedCount: Int64 {
    switch self {
    case .plain(let fd): Int64(max(0, clinux_unsent_count(fd)))
    }
  }

  /// Tells the client that nothing more is sent. shutdown(2)
  func finishSending() {
    switch self {
    case .plain(let fd): _ = clinux_finish_sending(fd)
    }
  }

  /// Makes `close` reset the connection, so that the client cannot take a part for the whole.
  /// setsockopt(2): SO_LINGER
  func resetAtClose() {
    switch self {
    case .plain(let fd): _ = clinux_reset_at_close(fd)
    }
  }

  /// Ends the connection. close(2)
  func close() {
    switch self {
    case .plain(let fd): _ = clinux_close(fd)
    }
  }
}
