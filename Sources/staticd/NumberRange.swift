extension ClosedRange<Int> {
  /// `value`, the number that `option` was given, or the error in one line.
  func checked(_ value: Int, _ option: String) throws -> Int {
    guard contains(value) else {
      throw CommandFailure(
        .usage,
        "\(option) \(value): give a number from \(lowerBound) to \(upperBound)"
      )
    }
    return value
  }
}
