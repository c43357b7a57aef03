internal import StaticAssets

/// The errors of failed calls.
extension ObjectStore {
  /// The refusal in a response with an unwanted status.
  static func refusal(
    _ response: HTTPResponse,
    _ call: Call,
    _ address: StoreAddress
  ) -> StoreRefusal {
    let document = XMLElement.parse(response.body)
    let error = document?.name == "Error" ? document : nil
    let message = (error?.text(of: "Message") ?? "").prefix(300).map { character in
      character.isNewline || character.asciiValue.map { $0 < 0x20 } == true ? " " : character
    }
    // The response to HEAD has no content.
    let standard = response.status == 403 ? "AccessDenied" : ""
    return StoreRefusal(
      operation: call.operation,
      place: place(call, address),
      status: response.status,
      code: error?.text(of: "Code") ?? standard,
      // A remedy may follow it.
      message: String(String(message).reversed().drop { $0 == "." || $0 == " " }.reversed())
    )
  }

  /// The error for a failed connection.
  static func failure(
    _ failure: ConnectionFailure,
    _ call: Call,
    _ address: StoreAddress
  ) -> StoreError {
    if failure.kind == .file {
      return .input("\(failure.text); collect again, and publish then")
    }
    let line = "cannot \(call.operation) '\(place(call, address))': \(failure.text)"
    guard failure.kind == .unknownHost else { return .unreachable(line) }
    return .unreachable("\(line); see --endpoint and AWS_REGION")
  }

  private static func place(_ call: Call, _ address: StoreAddress) -> String {
    guard let key = call.key else { return address.url }
    return "s3://\(address.bucket)/\(BytePath(key))"
  }
}
