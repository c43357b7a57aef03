/// Responses that do not depend on the file.
struct FixedResponses {
  let options: ResponsePlan
  let badRequest: ResponsePlan
  let notFound: ResponsePlan
  let methodNotAllowed: ResponsePlan
  let preconditionFailed: ResponsePlan
  let rangeNotSatisfiable: ResponsePlan
}

extension ResponsePlan {
  /// The plan for a request with `method`: HEAD has no body.
  func answering(_ method: RequestMethod) -> ResponsePlan {
    guard method == .head else { return self }
    return ResponsePlan(
      status: status,
      head: head,
      body: .none,
      completion: completion,
      coding: coding
    )
  }
}
