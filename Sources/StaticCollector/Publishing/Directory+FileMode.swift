internal import Glibc
internal import StaticAssets

/// Exact modes of new files, at the least cost.
extension Directory {
  /// The mode that a new file gets.
  struct FileMode: Sendable {
    let bits: UInt32
    /// Whether a new file has exactly these bits without being told again: no umask and no access
    /// control list takes one away.
    var isThatOfNewFiles = false
  }

  /// The same mode, with what a new file in this directory shows about it.
  func tried(_ bits: UInt32, as name: BytePath) throws(FileError) -> FileMode {
    var mode = FileMode(bits: bits, isThatOfNewFiles: true)
    try write([], to: name, mode: mode)
    mode.isThatOfNewFiles = try status(of: name)?.mode == bits
    try remove(name)
    return mode
  }

  static func apply(
    _ mode: FileMode,
    to file: borrowing Descriptor,
    shownAs shown: BytePath
  ) throws(FileError) {
    guard !mode.isThatOfNewFiles else { return }
    try check(fchmod(file.number, mode.bits), "set the mode of", shown)
  }
}
