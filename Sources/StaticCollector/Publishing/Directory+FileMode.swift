internal import Glibc
internal import StaticAssets

/// Sets the exact mode of new files with as few system calls as possible.
extension Directory {
  /// The mode of a new file.
  struct FileMode: Sendable {
    let bits: UInt32
    /// Whether open(2) alone gives a new file exactly these bits: neither the umask nor an access
    /// control list removes one.
    var isThatOfNewFiles = false
  }

  /// The mode `bits`, and whether a new file in this directory gets it without fchmod(2).
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
