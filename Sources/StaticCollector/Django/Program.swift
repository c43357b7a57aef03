internal import CLinux
internal import Glibc
internal import StaticAssets

/// A program that was run to its end.
struct Program: Sendable {
  /// The exit code, or 128 and the signal that ended it.
  let status: Int32
  /// What it wrote to its standard output and error.
  let output: [UInt8]
  /// What it wrote to descriptor 3.
  let answer: [UInt8]

  /// Runs `arguments[0]`, found in PATH unless it has a slash, in `directory`.
  ///
  /// It has an empty standard input and the environment of this process. What it writes goes to
  /// files in memory, so that however much it is, and whoever inherits them, nothing blocks.
  ///
  /// - Throws: when the program cannot be started.
  init(running arguments: [String], in directory: FilePath) throws(FileError) {
    precondition(!arguments.isEmpty)
    let output = try Self.memoryFile("output")
    let answer = try Self.memoryFile("answer")
    let status = Self.run(arguments, directory, output.number, answer.number)
    guard status >= 0 else {
      throw FileError(operation: "run", path: arguments[0], code: Int32(-status))
    }
    // wait(2): the low seven bits are the signal, the exit code stands above the first eight.
    let signal = Int32(status & 0x7F)
    self.status = signal == 0 ? Int32(status >> 8 & 0xFF) : 128 + signal
    self.output = try Self.content(output)
    self.answer = try Self.content(answer)
  }

  /// The pointers live until the program has ended.
  private static func run(
    _ arguments: [String],
    _ directory: FilePath,
    _ output: Int32,
    _ answer: Int32
  ) -> Int {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe directory.withCString { name in
      unsafe pointers.withUnsafeBufferPointer {
        unsafe clinux_run($0.baseAddress, name, output, answer)
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
    return try file.readAll(path: FilePath("file in memory"))
  }
}
