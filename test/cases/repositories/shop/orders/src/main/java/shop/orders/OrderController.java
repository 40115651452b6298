package shop.orders;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OrderController {
    @PostMapping("/orders")
    Order place(Order order) {
        return order;
    }
}
