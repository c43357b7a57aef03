#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// File names or paths in one block of memory, each with a terminating NUL.
///
/// Unsafe: system calls get the address of a name. `withCString` checks that a NUL follows; names
/// are never removed.
struct NameBuffer {
  /// The names, each with a terminating NUL.
  private(set) var bytes: [UInt8] = []

  /// Reserves capacity for names of `byteCount` bytes in total.
  mutating func reserveCapacity(_ byteCount: Int) {
    bytes.reserveCapacity(byteCount)
  }

  /// Adds `name`, which must not contain NUL.
  mutating func append(_ name: some Collection<UInt8>) -> ByteSlice {
    let offset = bytes.count
    bytes.append(contentsOf: name)
    return end(from: offset)
  }

  /// Adds the path of `name`, a name in `names`, below `directory`; an empty directory adds
  /// nothing.
  mutating func append(
    _ name: ByteSlice,
    of names: NameBuffer,
    in directory: BytePath
  ) -> ByteSlice {
    let offset = bytes.count
    if !directory.isEmpty {
      bytes.append(contentsOf: directory.bytes)
      bytes.append(UInt8(ascii: "/"))
    }
    bytes.append(contentsOf: names.bytes[name.range])
    return end(from: offset)
  }

  /// Adds the names of `other`; returns the offset by which the slices of `other` move.
  mutating func append(_ other: NameBuffer) -> Int {
    let offset = bytes.count
    bytes.append(contentsOf: other.bytes)
    return offset
  }

  /// The name at a slice of this buffer.
  subscript(name: ByteSlice) -> BytePath { BytePath(bytes[name.range]) }

  /// Calls `body` with a name as a C string; valid during the call.
  @inline(always)
  func withCString<Result>(
    _ name: ByteSlice,
    _ body: (UnsafePointer<CChar>) -> Result
  ) -> Result {
    precondition(bytes[name.range.upperBound] == 0, "the slice is not a name of this buffer")
    return unsafe bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("the buffer is empty") }
      return unsafe body((start + name.range.lowerBound).assumingMemoryBound(to: CChar.self))
    }
  }

  /// Whether `first` sorts before `second` by bytes.
  func precedes(_ first: ByteSlice, _ second: ByteSlice) -> Bool {
    // Includes the NUL of the shorter name, which is less than any byte of a name.
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

  /// Whether the bytes of `name` begin with those of `prefix`.
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
