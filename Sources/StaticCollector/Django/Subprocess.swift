internal import CLinux
internal import Glibc
internal import StaticAssets

/// A program that was run to its end.
struct Subprocess: Sendable {
  /// How the program ended.
  enum End: Equatable {
    /// The exit code, or 128 and the signal that ended it.
    case status(Int32)
    /// It was ended with its process group, because its time was over.
    case timeout
  }

  let end: End
  /// What it wrote to its standard output and error.
  let output: [UInt8]
  /// What it wrote to descriptor 3.
  let answer: [UInt8]

  /// How long a caller may wait without a word, in milliseconds.
  private static let patience = 2000

  /// Runs `arguments[0]`, found in PATH unless it has a slash, in `directory`.
  ///
  /// It has an empty standard input and the environment of this process, and leads a process group.
  /// If this process ends, it is killed with its group. What it writes goes to files in memory, so that however much
  /// it is, and whoever inherits them, nothing blocks.
  ///
  /// - Parameters:
  ///   - seconds: how long it may run; then it is killed with its group.
  ///   - onWait: called once if it runs for more than two seconds.
  /// - Throws: when the program cannot be started.
  init(
    running arguments: [String],
    in directory: BytePath,
    seconds: Int,
    onWait: () -> Void = {}
  ) throws(FileError) {
    precondition(!arguments.isEmpty)
    let output = try Self.memoryFile("output")
    let answer = try Self.memoryFile("answer")
    let process = Self.start(arguments, directory, output.number, answer.number)
    guard process > 0 else {
      throw FileError(operation: "run", path: arguments[0], code: Int32(-process))
    }
    // Without a guard, which a limit of processes can prevent, only the program itself ends with us.
    var guardian: Int32 = 0
    let guarding = unsafe clinux_guard_group(Int32(process), &guardian)
    end = Self.wait(for: Int32(process), seconds: seconds, onWait)
    if guarding >= 0 { clinux_dismiss_guard(guarding, guardian) }
    self.output = try Self.content(output)
    self.answer = try Self.content(answer)
  }

  private static func wait(for process: Int32, seconds: Int, _ onWait: () -> Void) -> End {
    var status: Int32 = 0
    let silence = min(patience, seconds * 1000)
    if unsafe clinux_wait(process, Int32(silence), &status) == 0 {
      if seconds * 1000 > silence { onWait() }
      guard unsafe clinux_wait(process, Int32(seconds * 1000 - silence), &status) != 0 else {
        kill(-process, SIGKILL)
        _ = unsafe clinux_wait(process, .max, &status)
        return .timeout
      }
    }
    return .status(clinux_exit_status(status))
  }

  /// The pointers live until the program has begun.
  private static func start(
    _ arguments: [String],
    _ directory: BytePath,
    _ output: Int32,
    _ answer: Int32
  ) -> Int {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
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

  private static func content(_ file: borrowing Descriptor) throws(FileError) -> [UInt8] {
    // The position is shared with the program, which left it at the end.
    lseek(file.number, 0, SEEK_SET)
    return try file.readAll(path: BytePath("file in memory"))
  }
}
