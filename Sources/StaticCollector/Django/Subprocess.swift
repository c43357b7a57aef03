internal import CLinux
internal import Glibc
internal import StaticAssets

/// The result of a program that has ended.
struct Subprocess: Sendable {
  /// How the program ended.
  enum End: Equatable {
    /// The exit code, or 128 plus the signal that ended it.
    case status(Int32)
    /// It was killed with its process group at the time limit.
    case timeout
  }

  let end: End
  /// The last `outputByteCountMax` bytes of its standard output and standard error.
  let output: [UInt8]
  /// What it wrote to descriptor 3.
  let answer: [UInt8]

  /// The time after which `onWait` is called, in milliseconds.
  private static let patience = 2000

  /// The limit of the kept output in bytes; earlier output is dropped.
  static let outputByteCountMax = 1 << 20

  /// How often dropped output is freed, in milliseconds; `patience` is a multiple of it.
  private static let interval = 100

  /// Runs `arguments[0]`, searched in PATH unless it has a slash, in `directory`.
  ///
  /// The program has an empty standard input and the environment of this process, and leads a
  /// process group, which is killed if this process ends. Its output goes to files in memory, so it
  /// never blocks, whatever its size and whichever processes inherit the files.
  ///
  /// - Parameters:
  ///   - namesAnswer: whether the path of the file behind descriptor 3 follows the arguments, for a
  ///     program that may close the descriptor.
  ///   - seconds: the time limit, after which the process group is killed.
  ///   - onWait: called once if it runs for more than two seconds.
  /// - Throws: when the program cannot be started.
  init(
    running arguments: [BytePath],
    namesAnswer: Bool = false,
    in directory: BytePath,
    seconds: Int,
    onWait: () -> Void = {}
  ) throws(FileError) {
    precondition(!arguments.isEmpty)
    let output = try Self.memoryFile("output")
    let answer = try Self.memoryFile("answer")
    let place = BytePath("/proc/\(getpid())/fd/\(answer.number)")
    let words = namesAnswer ? arguments + [place] : arguments
    let process = Self.start(words, directory, output.number, answer.number)
    guard process > 0 else {
      throw FileError(operation: "run", path: arguments[0].description, code: Int32(-process))
    }
    // The guard kills the group if this process ends. Without it (process limit), only the program
    // itself is killed.
    var guardian: Int32 = 0
    let guarding = unsafe clinux_guard_group(Int32(process), &guardian)
    end = Self.wait(for: Int32(process), output.number, seconds: seconds, onWait)
    if guarding >= 0 { clinux_dismiss_guard(guarding, guardian) }
    self.output = try Self.content(output, byteCountMax: Self.outputByteCountMax)
    self.answer = try Self.content(answer)
  }

  private static func wait(
    for process: Int32,
    _ output: Int32,
    seconds: Int,
    _ onWait: () -> Void
  ) -> End {
    var status: Int32 = 0
    let limit = seconds * 1000
    for start in stride(from: 0, to: limit, by: interval) {
      if start == patience { onWait() }
      let left = Int32(min(interval, limit - start))
      guard unsafe clinux_wait(process, left, &status) == 0 else {
        return .status(clinux_exit_status(status))
      }
      clinux_drop_start(output, Int64(outputByteCountMax))
    }
    kill(-process, SIGKILL)
    _ = unsafe clinux_wait(process, .max, &status)
    return .timeout
  }

  /// Starts the program; the argument strings are freed after that.
  private static func start(
    _ arguments: [BytePath],
    _ directory: BytePath,
    _ output: Int32,
    _ answer: Int32
  ) -> Int {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { word in
      unsafe word.withCString { unsafe strdup($0) }
    }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe directory.withCString { name in
      unsafe pointers.withUnsafeBufferPointer {
        unsafe clinux_ask($0.baseAddress, name, output, answer)
      }
    }
  }

  private static func memoryFile(_ name: String) throws(FileError) -> Descriptor {
    let number = unsafe name.withCString { unsafe clinux_memory_file($0) }
    guard number >= 0 else {
      throw FileError(operation: "make", path: "file in memory", code: Int32(-number))
    }
    return Descriptor(owning: Int32(number))
  }

  /// The last `byteCountMax` bytes of a file.
  private static func content(
    _ file: borrowing Descriptor,
    byteCountMax: Int = .max
  ) throws(FileError) -> [UInt8] {
    // The file offset is shared with the program, which has moved it.
    let byteCount = lseek(file.number, 0, SEEK_END)
    lseek(file.number, max(0, byteCount - byteCountMax), SEEK_SET)
    return try file.readAll(path: BytePath("file in memory"))
  }
}
