internal import Glibc
internal import StaticAssets

/// A file that several processes read and append to at the same time.
///
/// With `O_APPEND`, the kernel puts each write(2) at the end of the file without interleaving. The
/// pointers passed to system calls are valid during the call only.
struct PackFile: ~Copyable, Sendable {
  /// The file's path, for errors.
  private let path: BytePath
  private let file: Descriptor

  /// Opens the file `name` below `directory`.
  init(_ name: BytePath, in directory: borrowing Directory) throws(FileError) {
    path = directory.path.appending(name)
    file = try Descriptor.open(name, in: directory.number, flags: O_RDWR | O_APPEND | O_NONBLOCK)
  }

  /// The status of the open file. fstat(2)
  func status() throws(FileError) -> FileStatus { try file.status(of: path) }

  /// The `count` bytes from `offset`; nil if there are fewer or they cannot be read. pread(2)
  func bytes(at offset: Int, count: Int) -> [UInt8]? {
    var isWhole = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        let rest = unsafe UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[initialized...]
        )
        let position = off_t(offset + initialized)
        let result = retrying {
          unsafe pread(file.number, rest.baseAddress, rest.count, position)
        }
        guard result > 0 else { return }
        initialized += result
      }
      isWhole = true
    }
    return isWhole ? bytes : nil
  }

  /// Appends `bytes` and returns the end offset. write(2), lseek(2)
  ///
  /// Only one thread may call it at a time. A write cut short by a full disk is not truncated,
  /// because another process may have appended after it.
  func append(_ bytes: [UInt8]) throws(FileError) -> Int {
    let result = unsafe bytes.withUnsafeBytes { buffer in
      retrying { unsafe write(file.number, buffer.baseAddress, buffer.count) }
    }
    guard result == bytes.count else {
      let code = result < 0 ? errno : ENOSPC
      throw FileError(operation: "write", path: path.description, code: code)
    }
    return Int(lseek(file.number, 0, SEEK_CUR))
  }
}
