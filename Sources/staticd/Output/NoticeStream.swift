internal import Glibc

/// Standard error of a server, whose reader may have stopped reading.
///
/// A blocked write would keep the server from handling signals. So a notice waits at most one second, and
/// those after it do not wait. Lost notices are counted, and the next notice that is written is preceded
/// by their number.
struct NoticeStream {
  /// How long the first notice waits, in milliseconds.
  private static let patience: Int32 = 1000
  /// A pipe that is writable takes as many bytes without blocking. pipe(7)
  private static let pieceByteCount = 4096

  private let descriptor: Int32
  private var lostCount = 0
  /// Whether the last written line is not complete.
  private var endsInLine = false

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Writes the bytes of one notice, or counts it.
  ///
  /// - Parameter lost: makes the notice that so many were lost.
  mutating func put(_ notice: [UInt8], lost: (Int) -> [UInt8]) {
    if lostCount > 0 {
      guard write((endsInLine ? [UInt8(ascii: "\n")] : []) + lost(lostCount), waiting: 0) else {
        lostCount += 1
        return
      }
      lostCount = 0
    }
    if !write(notice, waiting: Self.patience) { lostCount = 1 }
  }

  /// Writes `bytes`; returns false, perhaps after a part of them, if the reader takes too long.
  ///
  /// What cannot be written for another reason is gone: there is nowhere left to say so.
  private mutating func write(_ bytes: [UInt8], waiting milliseconds: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard isWritable(within: milliseconds) else {
        endsInLine = rest.count < bytes.count || endsInLine
        return false
      }
      let count = unsafe rest.prefix(Self.pieceByteCount).withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { return true }
      rest = rest.dropFirst(count)
    }
    endsInLine = false
    return true
  }

  private func isWritable(within milliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    while true {
      let result = unsafe poll(&request, 1, milliseconds)
      if result >= 0 || errno != EINTR { return result != 0 }
    }
  }
}
