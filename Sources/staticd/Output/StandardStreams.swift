internal import Glibc
internal import Synchronization

/// The standard streams of a process that serves.
enum StandardStreams {
  /// A bit for each stream that was closed when the process began.
  private static let closed = Atomic<UInt8>(0)

  /// Opens /dev/null for a standard stream that is closed.
  ///
  /// The next socket would get its number otherwise, and a client what is written to the stream.
  static func open() {
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) < 0 {
      closed.bitwiseOr(1 << UInt8(number), ordering: .relaxed)
      // The lowest free number is this one: those below it are open. open(2)
      _ = unsafe Glibc.open("/dev/null", number == 0 ? O_RDONLY : O_WRONLY)
    }
  }

  /// Whether the stream `number` was closed when the process began: nobody reads what is written to it.
  static func wasClosed(_ number: Int32) -> Bool {
    (0...2).contains(number) && closed.load(ordering: .relaxed) & 1 << UInt8(number) != 0
  }
}
