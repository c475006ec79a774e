"""The use cases of conversations: opening, talking, ending, wrapping up, and what desk and visitor see."""
