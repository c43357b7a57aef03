/// The limits of a request head.
package struct RequestLimits: Sendable {
  /// Bytes of the head, the empty line included; 431 beyond.
  package var headBytesMax: Int
  /// Bytes of the request target; 414 beyond.
  package var targetBytesMax: Int
  /// The number of field lines; 431 beyond.
  package var fieldCountMax: Int

  /// Limits; traps unless all are positive.
  ///
  /// Browsers and crawlers stay far below the defaults.
  package init(
    headBytesMax: Int = 16384,
    targetBytesMax: Int = 8192,
    fieldCountMax: Int = 100
  ) {
    precondition(headBytesMax > 0 && targetBytesMax > 0 && fieldCountMax > 0)
    self.headBytesMax = headBytesMax
    self.targetBytesMax = targetBytesMax
    self.fieldCountMax = fieldCountMax
  }
}
