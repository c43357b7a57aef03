internal import Glibc
internal import StaticAssets

/// The access and modification times of a file, and its mode.
struct FileTimes {
  let mode: UInt32
  private let times: [timespec]

  init(of file: borrowing Descriptor, path: BytePath) throws(FileError) {
    var status = stat()
    guard unsafe fstat(file.number, &status) == 0 else {
      throw FileError(operation: "read", path: path.description, code: errno)
    }
    mode = status.st_mode & 0o7777
    times = [status.st_atim, status.st_mtim]
  }

  /// Sets the times of the file `name`. utimensat(2)
  func apply(
    to name: BytePath,
    in directory: Int32,
    shownAs shown: BytePath
  ) throws(FileError) {
    let result = unsafe name.withCString { name in
      unsafe times.withUnsafeBufferPointer { times in
        unsafe utimensat(directory, name, times.baseAddress, 0)
      }
    }
    guard result == 0 else {
      throw FileError(operation: "set the times of", path: shown.description, code: errno)
    }
  }
}
