internal import Glibc
internal import Synchronization

/// The standard streams of this process.
enum StandardStreams {
  /// A bit for each stream that was closed at the start of the process.
  private static let closed = Atomic<UInt8>(0)

  /// Opens /dev/null for each standard stream that is closed.
  ///
  /// Otherwise the next socket would get the stream's number, and its client the stream's output.
  static func open() {
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) < 0 {
      closed.bitwiseOr(1 << UInt8(number), ordering: .relaxed)
      // open(2) returns the lowest free number, which is this one: those below it are open.
      _ = unsafe Glibc.open("/dev/null", number == 0 ? O_RDONLY : O_WRONLY)
    }
  }

  /// Whether the stream `number` was closed at the start of the process, so that output to it is
  /// lost.
  static func wasClosed(_ number: Int32) -> Bool {
    (0...2).contains(number) && closed.load(ordering: .relaxed) & 1 << UInt8(number) != 0
  }
}
