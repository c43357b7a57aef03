internal import StaticAssets

/// Error responses that end a connection.
extension ClientConnections {
  /// Appends an error as the last response, and returns the bytes of its content.
  ///
  /// Returns nil, without a response, if earlier output could not be sent.
  @inline(never)
  mutating func append(
    _ status: ResponseStatus,
    isHead: Bool,
    to fd: Int32,
    _ wake: inout Wake
  ) -> Int? {
    let response = ErrorResponse(status, .text, isHead: isHead)
    let (start, count) = unsafe wake.suffixes.bytes(of: .close)
    let byteCount = response.head.count + count + response.body.count
    guard makeRoom(fd, byteCount, &wake) else { return nil }
    wake.output.append(response.head)
    unsafe wake.output.append(start, count)
    wake.output.append(response.body)
    unsafe adder.add(Counter(status: status.rawValue))
    return response.body.count
  }

  /// Sends the last response, which is in `wake.output`, and ends the connection.
  mutating func endAfterOutput(_ fd: Int32, _ wake: inout Wake) {
    flush(fd, &wake)
    if slab[fd].state == .reading {
      linger(fd, &wake)
    } else if slab[fd].state == .sending {
      close(fd)
    }
  }
}
