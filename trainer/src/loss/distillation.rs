//! Knowledge distillation: the text prediction imitates the text feature.

use burn::tensor::{
    Tensor,
    activation::{log_softmax, softmax},
    backend::Backend,
};

/// `T^2 mean_i KL(softmax(teacher_i / T) || softmax(student_i / T))` (Hinton et al. 2015, arXiv 1503.02531).
///
/// Both are `[batch, width]`, unnormalised. The teacher is detached: it is not to come closer. The result is `[1]`, at least
/// 0, and 0 when both agree.
pub fn distillation<B: Backend>(
    student: Tensor<B, 2>,
    teacher: Tensor<B, 2>,
    temperature: f64,
) -> Tensor<B, 1> {
    let teacher = teacher.detach().div_scalar(temperature);
    let [batch, _] = student.dims();
    let student = log_softmax(student.div_scalar(temperature), 1);
    let divergence = (softmax(teacher.clone(), 1) * (log_softmax(teacher, 1) - student)).sum();
    divergence.mul_scalar(temperature * temperature / batch.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::backend::Autodiff;
    use burn_flex::{Flex, FlexDevice};

    type Device = Autodiff<Flex>;

    fn rows(values: [[f32; 3]; 2]) -> Tensor<Device, 2> {
        Tensor::from_floats(values, &FlexDevice)
    }

    #[test]
    fn agreement_costs_nothing_and_adds_no_constant() {
        let student = rows([[1.0, -2.0, 0.5], [3.0, 0.0, 1.0]]);
        let value: f32 = distillation(student.clone(), student, 20.0).into_scalar();
        assert!(value.abs() < 1e-4, "{value}");
    }

    #[test]
    fn the_teacher_gets_no_gradient() {
        let student = rows([[1.0, -2.0, 0.5], [3.0, 0.0, 1.0]]).require_grad();
        let teacher = rows([[0.0, 1.0, 0.5], [-3.0, 0.0, 2.0]]).require_grad();
        let loss = distillation(student.clone(), teacher.clone(), 20.0);
        assert!(loss.clone().into_scalar() > 0.0);
        let gradients = loss.backward();
        assert!(student.grad(&gradients).is_some());
        assert!(teacher.grad(&gradients).is_none());
    }
}
