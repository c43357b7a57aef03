internal import Glibc

/// Many file names or paths in one block of memory.
///
/// The unsafe part: a NUL follows each name, so that the system can be given its address. Every
/// slice is checked for that before use; names are only ever added.
struct NameBuffer {
  /// The names one after the other, each with a terminating NUL.
  private(set) var bytes: [UInt8] = []

  /// Makes room for names of so many bytes in all.
  mutating func reserveCapacity(_ byteCount: Int) {
    bytes.reserveCapacity(byteCount)
  }

  /// Adds `name`, which holds no NUL.
  mutating func append(_ name: some Collection<UInt8>) -> ByteSlice {
    let offset = bytes.count
    bytes.append(contentsOf: name)
    return end(from: offset)
  }

  /// Adds the path of `name`, one of `names`, in `directory`; an empty directory adds nothing.
  mutating func append(
    _ name: ByteSlice,
    of names: NameBuffer,
    in directory: FilePath
  ) -> ByteSlice {
    let offset = bytes.count
    if !directory.isEmpty {
      bytes.append(contentsOf: directory.bytes)
      bytes.append(UInt8(ascii: "/"))
    }
    bytes.append(contentsOf: names.bytes[name.range])
    return end(from: offset)
  }

  /// Adds the names of `other`; its slices are then those of this buffer moved by the result.
  mutating func append(_ other: NameBuffer) -> Int {
    let offset = bytes.count
    bytes.append(contentsOf: other.bytes)
    return offset
  }

  /// One of the names.
  subscript(name: ByteSlice) -> FilePath { FilePath(bytes[name.range]) }

  /// Calls `body` with a name as a C string that lives for the call.
  @inline(always)
  func withCString<Result>(
    _ name: ByteSlice,
    _ body: (UnsafePointer<CChar>) -> Result
  ) -> Result {
    precondition(bytes[name.range.upperBound] == 0, "no name of this buffer")
    return unsafe bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("never empty") }
      return unsafe body((start + name.range.lowerBound).assumingMemoryBound(to: CChar.self))
    }
  }

  /// Whether `first` comes before `second` by its bytes.
  func precedes(_ first: ByteSlice, _ second: ByteSlice) -> Bool {
    // As far as the shorter one's NUL, which is less than any byte of a name.
    let count = Int(min(first.count, second.count)) + 1
    precondition(max(first.range.lowerBound, second.range.lowerBound) + count <= bytes.count)
    return unsafe bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return false }
      return unsafe memcmp(
        start + first.range.lowerBound,
        start + second.range.lowerBound,
        count
      ) < 0
    }
  }

  /// Whether the bytes of `prefix` are the first ones of `name`.
  func has(_ name: ByteSlice, prefix: ByteSlice) -> Bool {
    guard prefix.count <= name.count else { return false }
    let length = Int(prefix.count)
    return unsafe bytes.withUnsafeBytes { buffer in
      let first = unsafe buffer[name.range.lowerBound..<name.range.lowerBound + length]
      let second = unsafe buffer[prefix.range]
      guard length > 0, let first = unsafe UnsafeRawBufferPointer(rebasing: first).baseAddress,
        let second = unsafe UnsafeRawBufferPointer(rebasing: second).baseAddress
      else { return true }
      return unsafe memcmp(first, second, length) == 0
    }
  }

  private mutating func end(from offset: Int) -> ByteSlice {
    let name = ByteSlice(offset: offset, count: bytes.count - offset)
    bytes.append(0)
    return name
  }
}
