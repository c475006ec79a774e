"""The use cases of the widget: looks that are drafted, published and rolled back, and the pictures in them."""
