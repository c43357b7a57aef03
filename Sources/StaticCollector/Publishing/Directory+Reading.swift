internal import StaticAssets

extension Directory {
  /// The bytes of the file `name`; nil unless it is a regular file of this length.
  func bytes(of name: BytePath, byteCount: Int) -> [UInt8]? {
    guard let status = try? status(of: name), status.isRegular,
      status.byteCount == Int64(byteCount),
      let file = try? Descriptor.open(name, in: number, flags: FileFlags.read)
    else { return nil }
    return try? file.readAll(path: name, expected: byteCount)
  }
}
