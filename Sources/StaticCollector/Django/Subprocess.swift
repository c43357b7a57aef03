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
  /// What it wrote to standard output and standard error.
  let output: [UInt8]
  /// What it wrote to descriptor 3.
  let answer: [UInt8]

  /// The time after which `onWait` is called, in milliseconds.
  private static let patience = 2000

  /// Runs `arguments[0]`, searched in PATH unless it has a slash, in `directory`.
  ///
  /// The program has an empty standard input and the environment of this process, and leads a
  /// process group, which is killed if this process ends. Its output goes to files in memory, so it
  /// never blocks, whatever its size and whichever processes inherit the files.
  ///
  /// - Parameters:
  ///   - seconds: the time limit, after which the process group is killed.
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
    // The guard kills the group if this process ends. Without it (process limit), only the program
    // itself is killed.
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

  /// Starts the program; the argument strings are freed after that.
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
    // The file offset is shared with the program, which has moved it.
    lseek(file.number, 0, SEEK_SET)
    return try file.readAll(path: BytePath("file in memory"))
  }
}
