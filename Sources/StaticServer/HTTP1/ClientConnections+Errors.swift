internal import StaticAssets

/// Error responses that end a connection.
extension ClientConnections {
  /// Appends an error as the last response.
  ///
  /// Returns false, without a response, if earlier output could not be sent.
  @inline(never)
  mutating func append(
    _ status: ResponseStatus,
    isHead: Bool,
    to fd: Int32,
    _ wake: inout Wake
  ) -> Bool {
    let response = ErrorResponse(status, .text, isHead: isHead)
    let (start, count) = unsafe wake.suffixes.bytes(of: .close)
    let byteCount = response.head.count + count + response.body.count
    guard makeRoom(fd, byteCount, &wake) else { return false }
    wake.output.append(response.head)
    unsafe wake.output.append(start, count)
    wake.output.append(response.body)
    unsafe adder.add(Counter(status: status.rawValue))
    return true
  }

  /// Refuses a request that is malformed or not complete in time (RFC 9110 §15.5.9), and ends the
  /// connection.
  ///
  /// `wake.output` must be empty.
  mutating func refuseAndEnd(
    _ fd: Int32,
    _ status: ResponseStatus,
    isHead: Bool,
    _ wake: inout Wake
  ) {
    _ = append(status, isHead: isHead, to: fd, &wake)
    flush(fd, &wake)
    if slab[fd].state == .reading {
      linger(fd, &wake)
    } else if slab[fd].state == .sending {
      close(fd)
    }
  }
}
