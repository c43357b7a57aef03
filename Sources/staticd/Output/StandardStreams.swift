internal import Glibc

/// The standard streams of a process that serves.
enum StandardStreams {
  /// Opens /dev/null for a standard stream that is closed.
  ///
  /// The next socket would get its number otherwise, and a client what is written to the stream.
  static func open() {
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) < 0 {
      // The lowest free number is this one: those below it are open. open(2)
      _ = unsafe Glibc.open("/dev/null", number == 0 ? O_RDONLY : O_WRONLY)
    }
  }
}
